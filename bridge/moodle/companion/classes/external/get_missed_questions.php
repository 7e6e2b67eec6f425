<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Web service function: how often questions are answered wrongly.
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
use local_stewardpath\missed_questions;

/**
 * For the managed quizzes of one course, counts how often each question was asked and answered wrongly in first attempts.
 */
class get_missed_questions extends service_function {
    /**
     * Parameters.
     *
     * @return external_function_parameters
     */
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'courseid' => self::id('Course'),
            'since' => new external_value(PARAM_INT, 'Only attempts finished at this time or later', VALUE_DEFAULT, 0),
        ]);
    }

    /**
     * Run the function.
     *
     * @param int $courseid
     * @param int $since
     * @return array {questions}
     */
    public static function execute(int $courseid, int $since = 0): array {
        $params = self::validate_parameters(self::execute_parameters(), compact('courseid', 'since'));
        $course = self::enter_course($params['courseid'], 'viewstate');
        return ['questions' => missed_questions::count($course->id, $params['since'])];
    }

    /**
     * Return value.
     *
     * @return external_single_structure
     */
    public static function execute_returns(): external_single_structure {
        return new external_single_structure([
            'questions' => new external_multiple_structure(new external_single_structure([
                'quiz' => self::text('Idnumber of the quiz'),
                'question' => self::text('Idnumber of the question'),
                'asked' => new external_value(PARAM_INT, 'Number of first attempts that asked its latest version'),
                'wrong' => new external_value(PARAM_INT, 'Number of these with a wrong answer or none'),
                'partly' => new external_value(PARAM_INT, 'Number of these with a partly right answer'),
            ])),
        ]);
    }
}
