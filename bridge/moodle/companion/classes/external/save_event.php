<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Web service function: save an event in the calendar of a course.
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
 * Creates or updates an event, which is found by its uuid. A repeated call changes nothing.
 */
class save_event extends service_function {
    /** @var int the longest event, in seconds: more than any live session takes. */
    private const MAX_DURATION = 7 * 86400;

    /**
     * Parameters.
     *
     * @return external_function_parameters
     */
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'courseid' => self::id('Course'),
            'uuid' => self::text('What the event is found by; it begins with "stewardpath:"'),
            'name' => self::text('Name'),
            'description' => self::text('Description, as HTML'),
            'timestart' => self::id('When it begins, in Unix seconds'),
            'timeduration' => self::id('How long it takes, in seconds'),
        ]);
    }

    /**
     * Run the function.
     *
     * @param int $courseid
     * @param string $uuid
     * @param string $name
     * @param string $description
     * @param int $timestart
     * @param int $timeduration
     * @return array {id, action}
     */
    public static function execute(
        int $courseid,
        string $uuid,
        string $name,
        string $description,
        int $timestart,
        int $timeduration
    ): array {
        $params = self::validate_parameters(
            self::execute_parameters(),
            compact('courseid', 'uuid', 'name', 'description', 'timestart', 'timeduration')
        );
        $course = self::enter_course($params['courseid'], 'sync', ['moodle/calendar:manageentries']);
        self::require_between('timeduration', $params['timeduration'], 0, self::MAX_DURATION);
        return write_lock::in_course(
            $course->id,
            fn() => course_events::save(
                $course->id,
                $params['uuid'],
                [
                    'name' => $params['name'],
                    'description' => $params['description'],
                    'timestart' => $params['timestart'],
                    'timeduration' => $params['timeduration'],
                ]
            )
        );
    }

    /**
     * Return value.
     *
     * @return external_single_structure
     */
    public static function execute_returns(): external_single_structure {
        return self::saved();
    }
}
