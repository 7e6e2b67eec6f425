<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * The role of the service user.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath\setup;

/**
 * A role with exactly the capabilities that the service's functions need, grouped by purpose.
 */
class service_role {
    /** @var string the role's short name. */
    private const SHORTNAME = 'stewardpathservice';

    /** @var array purpose => capabilities. */
    private const CAPABILITIES = [
        'the functions of this plugin' => [
            'local/stewardpath:issuebadges',
            'local/stewardpath:readfeed',
            'local/stewardpath:sync',
            'local/stewardpath:viewstate',
            'webservice/rest:use',
        ],
        'categories and courses, visible or not' => [
            'moodle/category:manage',
            'moodle/category:viewhiddencategories',
            'moodle/course:changecategory',
            'moodle/course:changefullname',
            'moodle/course:changeidnumber',
            'moodle/course:changeshortname',
            'moodle/course:changesummary',
            'moodle/course:create',
            'moodle/course:setforcedlanguage',
            'moodle/course:update',
            'moodle/course:view',
            'moodle/course:viewhiddencourses',
            'moodle/course:visibility',
        ],
        'sections and activities' => [
            'mod/page:addinstance',
            'mod/page:view',
            'mod/quiz:addinstance',
            'mod/quiz:view',
            'mod/url:addinstance',
            'mod/url:view',
            'moodle/course:activityvisibility',
            'moodle/course:manageactivities',
            'moodle/course:movesections',
            'moodle/course:sectionvisibility',
            'moodle/course:viewhiddenactivities',
            'moodle/course:viewhiddensections',
        ],
        'questions' => [
            'moodle/question:add',
            'moodle/question:editall',
            'moodle/question:managecategory',
        ],
        'accounts and enrolments' => [
            'enrol/manual:enrol',
            'enrol/manual:unenrol',
            'moodle/course:viewparticipants',
            'moodle/role:assign',
            'moodle/site:accessallgroups',
            'moodle/site:viewuseridentity',
            'moodle/user:create',
            'moodle/user:update',
            'moodle/user:viewalldetails',
            'moodle/user:viewdetails',
            'moodle/user:viewhiddendetails',
        ],
        'grades and completion' => [
            'gradereport/user:view',
            'moodle/grade:viewall',
            'report/progress:view',
        ],
        'cohorts' => [
            'moodle/cohort:assign',
            'moodle/cohort:manage',
            'moodle/cohort:view',
        ],
        'calendar' => [
            'moodle/calendar:manageentries',
        ],
        'messages' => [
            'moodle/site:messageanyuser',
            'moodle/site:sendmessage',
        ],
        'competencies and learning plans' => [
            'moodle/competency:competencygrade',
            'moodle/competency:competencymanage',
            'moodle/competency:competencyview',
            'moodle/competency:planmanage',
            'moodle/competency:templatemanage',
            'moodle/competency:templateview',
        ],
        'badges' => [
            'moodle/badges:awardbadge',
            'moodle/badges:configurecriteria',
            'moodle/badges:configuredetails',
            'moodle/badges:createbadge',
        ],
    ];

    /**
     * The role's id.
     *
     * @return int 0 if setup has not run
     */
    public static function id(): int {
        global $DB;
        return (int) $DB->get_field('role', 'id', ['shortname' => self::SHORTNAME]);
    }

    /**
     * Create the role if missing, and set its capabilities to exactly those above.
     *
     * @return array [int the role's id, string[] what was done, as messages]
     */
    public static function ensure(): array {
        $done = [];
        $roleid = self::id();
        if (!$roleid) {
            $roleid = create_role(
                get_string('servicerole', 'local_stewardpath'),
                self::SHORTNAME,
                get_string('servicerole_desc', 'local_stewardpath')
            );
            set_role_contextlevels($roleid, [CONTEXT_SYSTEM]);
            $done[] = 'Role "' . self::SHORTNAME . '" created.';
        }
        return [$roleid, array_merge($done, self::ensure_capabilities($roleid), self::ensure_may_enrol($roleid))];
    }

    /**
     * Allow exactly the capabilities above.
     *
     * @param int $roleid
     * @return string[] what was done
     */
    private static function ensure_capabilities(int $roleid): array {
        global $DB;
        $system = \context_system::instance();
        $known = array_filter(array_merge(...array_values(self::CAPABILITIES)), 'get_capability_info');
        $params = ['roleid' => $roleid, 'contextid' => $system->id, 'permission' => CAP_ALLOW];
        $allowed = $DB->get_fieldset_select(
            'role_capabilities',
            'capability',
            'roleid = :roleid AND contextid = :contextid AND permission = :permission',
            $params
        );
        foreach (array_diff($known, $allowed) as $capability) {
            assign_capability($capability, CAP_ALLOW, $roleid, $system->id, true);
            $done[] = "Role may now use $capability.";
        }
        foreach (array_diff($allowed, $known) as $capability) {
            unassign_capability($capability, $roleid, $system->id);
            $done[] = "Role may no longer use $capability.";
        }
        return $done ?? [];
    }

    /**
     * Let the role enrol users as students only.
     *
     * @param int $roleid
     * @return string[] what was done
     */
    private static function ensure_may_enrol(int $roleid): array {
        global $DB;
        $done = [];
        foreach (get_archetype_roles('student') as $student) {
            if (!$DB->record_exists('role_allow_assign', ['roleid' => $roleid, 'allowassign' => $student->id])) {
                core_role_set_assign_allowed($roleid, $student->id);
                $done[] = "Role may now enrol people as \"$student->shortname\".";
            }
        }
        return $done;
    }
}
