<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Web service function: completions of a course.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath\external;

use core_external\external_function_parameters;
use core_external\external_multiple_structure;
use core_external\external_single_structure;
use core_external\external_value;
use local_stewardpath\completion_report;

/**
 * Returns all completions of managed activities in one course, page by page.
 */
class get_completions extends service_function {
    /** @var int the most rows in one answer. */
    private const MAX_ROWS = 2000;

    /**
     * Parameters.
     *
     * @return external_function_parameters
     */
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'courseid' => self::id('Course'),
            'after' => new external_value(PARAM_INT, 'Id of the last row read', VALUE_DEFAULT, 0),
            'limit' => new external_value(PARAM_INT, 'Maximum number of rows', VALUE_DEFAULT, 1000),
        ]);
    }

    /**
     * Run the function.
     *
     * @param int $courseid
     * @param int $after
     * @param int $limit
     * @return array {completions, more}
     */
    public static function execute(int $courseid, int $after = 0, int $limit = 1000): array {
        $params = self::validate_parameters(self::execute_parameters(), compact('courseid', 'after', 'limit'));
        self::enter_site('readfeed');
        $course = self::enter_course($params['courseid'], 'viewstate');
        self::require_between('limit', $params['limit'], 1, self::MAX_ROWS);
        return completion_report::read($course->id, $params['after'], $params['limit']);
    }

    /**
     * Return value.
     *
     * @return external_single_structure
     */
    public static function execute_returns(): external_single_structure {
        return new external_single_structure([
            'completions' => new external_multiple_structure(new external_single_structure([
                'id' => self::id('Id of the row'),
                'userid' => self::id('User id'),
                'cmid' => self::id('Course module'),
                'idnumber' => self::text('Idnumber of the activity'),
                'state' => self::id('1 complete, 2 passed, 3 failed'),
                'grade' => self::percent("A quiz's grade in per cent"),
                'time' => self::id('Time'),
            ])),
            'more' => self::flag('There are more rows'),
        ]);
    }
}
