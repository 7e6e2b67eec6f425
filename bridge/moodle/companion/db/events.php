<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * The events that are written to the change feed or update the plugin's tables.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$observers = [
    [
        'eventname' => '\core\event\course_module_completion_updated',
        'callback' => '\local_stewardpath\observer::completion_updated',
    ],
    [
        'eventname' => '\mod_quiz\event\attempt_submitted',
        'callback' => '\local_stewardpath\observer::attempt_finished',
    ],
    [
        // Moodle 5 may grade an attempt after it was submitted. Earlier versions don't have this event.
        'eventname' => '\mod_quiz\event\attempt_graded',
        'callback' => '\local_stewardpath\observer::attempt_finished',
    ],
    [
        'eventname' => '\core\event\user_created',
        'callback' => '\local_stewardpath\observer::user_created',
    ],
    [
        'eventname' => '\core\event\user_updated',
        'callback' => '\local_stewardpath\observer::user_updated',
    ],
    [
        'eventname' => '\core\event\user_deleted',
        'callback' => '\local_stewardpath\observer::user_deleted',
    ],
    [
        // Moodle sends no event when an email is confirmed.
        'eventname' => '\core\event\user_loggedin',
        'callback' => '\local_stewardpath\observer::user_loggedin',
    ],
    [
        'eventname' => '\core\event\enrol_instance_created',
        'callback' => '\local_stewardpath\course_welcome::method_added',
    ],
    [
        'eventname' => '\core\event\user_enrolment_deleted',
        'callback' => '\local_stewardpath\observer::enrolment_deleted',
    ],
    [
        'eventname' => '\core\event\course_reset_ended',
        'callback' => '\local_stewardpath\observer::course_reset',
    ],
    [
        'eventname' => '\core\event\course_section_deleted',
        'callback' => '\local_stewardpath\observer::section_deleted',
    ],
    [
        'eventname' => '\core\event\course_deleted',
        'callback' => '\local_stewardpath\observer::course_deleted',
    ],
    [
        'eventname' => '\core\event\badge_deleted',
        'callback' => '\local_stewardpath\observer::badge_deleted',
    ],
];
