<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Web service function: put a course in order.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath\external;

use core_external\external_function_parameters;
use core_external\external_single_structure;
use core_external\external_value;
use local_stewardpath\arranger;
use local_stewardpath\outcome;
use local_stewardpath\write_lock;

/**
 * Puts the managed sections of a course, and their managed activities, in order.
 */
class arrange_course extends service_function {
    /** @var string[] what Moodle asks of a person who moves sections and activities. */
    private const STOCK = ['moodle/course:movesections', 'moodle/course:manageactivities'];

    /**
     * Parameters.
     *
     * @return external_function_parameters
     */
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'courseid' => self::id('Course'),
            'sections' => self::list_of(new external_single_structure([
                'idnumber' => self::text('Idnumber of a section, in order'),
                'activities' => self::list_of(self::text('Idnumber of an activity, in order'), 'What is to be in it'),
            ]), 'The order'),
        ]);
    }

    /**
     * Run the function.
     *
     * @param int $courseid
     * @param array $sections list of {idnumber, activities}
     * @return array {action}
     */
    public static function execute(int $courseid, array $sections): array {
        $params = self::validate_parameters(self::execute_parameters(), compact('courseid', 'sections'));
        $course = self::enter_course($params['courseid'], 'sync', self::STOCK);
        $moved = write_lock::in_course($course->id, fn() => (new arranger($course))->arrange($params['sections']));
        return ['action' => $moved ? outcome::UPDATED : outcome::UNCHANGED];
    }

    /**
     * Return value.
     *
     * @return external_single_structure
     */
    public static function execute_returns(): external_single_structure {
        return new external_single_structure(['action' => new external_value(PARAM_ALPHA, 'updated or unchanged')]);
    }
}
