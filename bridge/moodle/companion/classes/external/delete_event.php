<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Web service function: delete an event in the calendar of a course.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath\external;

use core_external\external_function_parameters;
use core_external\external_single_structure;
use local_stewardpath\course_events;
use local_stewardpath\write_lock;

/**
 * Deletes the event with a uuid. A repeated call changes nothing.
 */
class delete_event extends service_function {
    /**
     * Parameters.
     *
     * @return external_function_parameters
     */
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'courseid' => self::id('Course'),
            'uuid' => self::text('What the event is found by; it begins with "stewardpath:"'),
        ]);
    }

    /**
     * Run the function.
     *
     * @param int $courseid
     * @param string $uuid
     * @return array {deleted}
     */
    public static function execute(int $courseid, string $uuid): array {
        $params = self::validate_parameters(self::execute_parameters(), compact('courseid', 'uuid'));
        $course = self::enter_course($params['courseid'], 'sync', ['moodle/calendar:manageentries']);
        return write_lock::in_course(
            $course->id,
            fn() => ['deleted' => course_events::delete($course->id, $params['uuid'])]
        );
    }

    /**
     * Return value.
     *
     * @return external_single_structure
     */
    public static function execute_returns(): external_single_structure {
        return new external_single_structure(['deleted' => self::id('How many there were')]);
    }
}
