<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * The web service functions of this plugin, and the service that contains them.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$functions = [];
foreach ([
    'get_site_state' => ['read', 'Get the objects of one curriculum on the site'],
    'get_course_state' => ['read', 'Get the managed content of one course'],
    'get_changes' => ['read', 'Get the latest changes: completions, attempts, accounts'],
    'get_completions' => ['read', 'Get the completions of a course'],
    'get_first_tries' => ['read', 'Get the first attempts at the quizzes of a course'],
    'get_missed_questions' => ['read', 'Count how often each question of a course was answered wrongly in first attempts'],
    'get_member_states' => ['read', 'Get accounts and what they have: courses, cohorts, plans, badges, competencies'],
    'find_users' => ['read', 'Find members\' accounts by number or email'],
    'save_section' => ['write', 'Create or update a section'],
    'save_page' => ['write', 'Create or update a page'],
    'save_link' => ['write', 'Create or update a link'],
    'import_questions' => ['write', 'Import questions, or new versions of them'],
    'save_quiz' => ['write', 'Create or update a quiz'],
    'arrange_course' => ['write', 'Put sections and activities in order'],
    'set_visibility' => ['write', 'Show or hide a course, a section or an activity'],
    'rename' => ['write', 'Change an idnumber'],
    'save_badge' => ['write', 'Create or update a badge'],
    'issue_badge' => ['write', 'Issue a badge to a member'],
    'revoke_badge' => ['write', 'Revoke a member\'s badge'],
    'save_event' => ['write', 'Create or update an event in the calendar of a course'],
    'delete_event' => ['write', 'Delete an event in the calendar of a course'],
    'save_plan' => ['write', 'Create a member\'s learning plan from a template'],
] as $name => [$type, $description]) {
    $capability = match (true) {
        $name === 'get_changes', $name === 'find_users', $name === 'get_member_states' => 'local/stewardpath:readfeed',
        $name === 'get_completions', $name === 'get_first_tries' =>
            'local/stewardpath:readfeed, local/stewardpath:viewstate',
        str_ends_with($name, '_badge') => 'local/stewardpath:issuebadges',
        $type === 'read' => 'local/stewardpath:viewstate',
        default => 'local/stewardpath:sync',
    };
    $functions["local_stewardpath_$name"] = [
        'classname' => "local_stewardpath\\external\\$name",
        'description' => $description,
        'type' => $type,
        'capabilities' => $capability,
    ];
}

$services = [
    // cli/setup.php enables the service and authorises one user.
    'Stewardpath' => [
        'shortname' => 'local_stewardpath',
        'enabled' => 0,
        'restrictedusers' => 1,
        'downloadfiles' => 0,
        'uploadfiles' => 0,
        'functions' => array_merge(array_keys($functions), [
            'core_calendar_create_calendar_events',
            'core_calendar_delete_calendar_events',
            'core_calendar_get_calendar_events',
            'core_cohort_add_cohort_members',
            'core_cohort_create_cohorts',
            'core_cohort_delete_cohort_members',
            'core_cohort_get_cohort_members',
            'core_cohort_get_cohorts',
            'core_cohort_search_cohorts',
            'core_cohort_update_cohorts',
            'core_competency_add_competency_to_plan',
            'core_competency_add_competency_to_template',
            'core_competency_create_competency',
            'core_competency_create_competency_framework',
            'core_competency_create_plan',
            'core_competency_create_template',
            'core_competency_get_scale_values',
            'core_competency_grade_competency',
            'core_competency_grade_competency_in_plan',
            'core_competency_list_competencies',
            'core_competency_list_competencies_in_template',
            'core_competency_list_competency_frameworks',
            'core_competency_list_plan_competencies',
            'core_competency_list_templates',
            'core_competency_list_user_plans',
            'core_competency_search_competencies',
            'core_competency_update_competency',
            'core_competency_update_competency_framework',
            'core_competency_update_template',
            'core_completion_get_activities_completion_status',
            'core_course_create_categories',
            'core_course_create_courses',
            'core_course_get_categories',
            'core_course_get_contents',
            'core_course_get_course_module',
            'core_course_get_courses_by_field',
            'core_course_update_categories',
            'core_course_update_courses',
            'core_courseformat_update_course',
            'core_enrol_get_enrolled_users',
            'core_get_string',
            'core_message_get_messages',
            'core_message_send_instant_messages',
            'core_update_inplace_editable',
            'core_user_create_users',
            'core_user_get_users_by_field',
            'core_user_update_users',
            'core_webservice_get_site_info',
            'enrol_manual_enrol_users',
            'enrol_manual_unenrol_users',
            'gradereport_user_get_grade_items',
        ]),
    ],
];
