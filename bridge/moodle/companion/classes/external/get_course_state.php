<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Web service function: the state of a course.
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
use local_stewardpath\course_report;

/**
 * Returns the managed sections, activities and questions of one course.
 */
class get_course_state extends service_function {
    /**
     * Parameters.
     *
     * @return external_function_parameters
     */
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters(['courseid' => self::id('Course')]);
    }

    /**
     * Run the function.
     *
     * @param int $courseid
     * @return array
     */
    public static function execute(int $courseid): array {
        ['courseid' => $courseid] = self::validate_parameters(self::execute_parameters(), ['courseid' => $courseid]);
        $course = self::enter_course($courseid, 'viewstate');
        return (new course_report($course))->read();
    }

    /**
     * Return value.
     *
     * @return external_single_structure
     */
    public static function execute_returns(): external_single_structure {
        return new external_single_structure([
            'course' => course_fields::structure(),
            'sections' => new external_multiple_structure(new external_single_structure([
                'id' => self::id('Section id'),
                'number' => self::id('Its number in the course'),
                'idnumber' => self::text('Its idnumber'),
                'name' => self::text('Name'),
                'summary' => self::text('Summary, HTML'),
                'visible' => self::flag('Whether members see it'),
                'files' => self::stored_files(),
            ])),
            'activities' => new external_multiple_structure(self::activity()),
            'questions' => new external_multiple_structure(new external_single_structure([
                'idnumber' => self::text('Its idnumber'),
                'questionid' => self::id('The latest version'),
                'version' => self::id('The number of that version'),
                'hash' => self::text('Hash that version was imported with; empty: made by hand'),
                'category' => self::text('Idnumber of its question category'),
                'status' => self::text('ready, draft or hidden'),
            ])),
        ]);
    }

    /**
     * One activity.
     *
     * @return external_single_structure
     */
    private static function activity(): external_single_structure {
        return new external_single_structure([
            'cmid' => self::id('Course module'),
            'idnumber' => self::text('Its idnumber'),
            'modname' => self::text('page, url or quiz'),
            'sectionidnumber' => self::text('Idnumber of its section; empty: an unmanaged section'),
            'position' => self::id('Position among the managed activities of the section, from 0'),
            'name' => self::text('Name'),
            'visible' => self::flag('Whether members see it, regardless of its section'),
            'content' => self::text('Page: HTML; link: the address; quiz: empty'),
            'intro' => self::text('Introduction, HTML'),
            'completion' => self::id('0 none, 1 by hand, 2 automatic'),
            'completionview' => self::flag('Complete once viewed'),
            'files' => self::stored_files(),
            'quiz' => self::quiz(),
        ]);
    }

    /**
     * The fields of quizzes only.
     *
     * @return external_single_structure
     */
    private static function quiz(): external_single_structure {
        return new external_single_structure([
            'timelimit' => self::id('Seconds, 0: none'),
            'timeopen' => self::id('Opens, 0: always open'),
            'timeclose' => self::id('Closes, 0: never'),
            'attempts' => self::id('Attempts allowed, 0: unlimited'),
            'grademethod' => self::id('1: the best attempt counts'),
            'gradepass' => new external_value(PARAM_FLOAT, 'Pass mark in per cent'),
            'grade' => new external_value(PARAM_FLOAT, 'Maximum grade'),
            'sumgrades' => new external_value(PARAM_FLOAT, 'Total of the questions\' marks'),
            'completionpassgrade' => self::flag('Complete once passed'),
            'completionusegrade' => self::flag('Complete once graded'),
            'shuffleanswers' => self::flag('Answers are shuffled'),
            'attemptcount' => self::id("Learners' attempts, in any state"),
            'learnercount' => self::id('Number of learners who made them'),
            'finishedcount' => self::id('Number of finished attempts'),
            'questions' => new external_multiple_structure(self::text('Idnumber by slot; empty: none')),
        ], 'Settings of a quiz', VALUE_OPTIONAL);
    }
}
