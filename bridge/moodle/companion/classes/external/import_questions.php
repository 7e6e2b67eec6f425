<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Web service function: import questions.
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
use local_stewardpath\course_bank;
use local_stewardpath\ownership;
use local_stewardpath\question_importer;
use local_stewardpath\write_lock;

/**
 * Imports questions into one category of a course's question bank. A changed question becomes a new version.
 */
class import_questions extends service_function {
    /** @var string[] what Moodle asks of a person who imports questions and edits them. */
    private const STOCK = ['moodle/question:add', 'moodle/question:editall', 'moodle/question:managecategory'];

    /**
     * Parameters.
     *
     * @return external_function_parameters
     */
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'courseid' => self::id('Course'),
            'category' => self::text('Idnumber of the question category'),
            'categoryname' => self::text('Name of the category, if it must be created'),
            'questions' => self::list_of(new external_single_structure([
                'idnumber' => self::text('Idnumber of the question'),
                'hash' => new external_value(PARAM_ALPHANUMEXT, 'Hash of its content'),
                'xml' => self::text('Moodle XML with this question only'),
            ]), 'What to import'),
        ]);
    }

    /**
     * Run the function.
     *
     * @param int $courseid
     * @param string $category
     * @param string $categoryname
     * @param array $questions list of {idnumber, hash, xml}
     * @return array {questions: list of {idnumber, questionid, version, action, error}}
     */
    public static function execute(int $courseid, string $category, string $categoryname, array $questions): array {
        $params = self::validate_parameters(
            self::execute_parameters(),
            compact('courseid', 'category', 'categoryname', 'questions')
        );
        $course = self::enter_course($params['courseid'], 'sync', self::STOCK);
        ownership::require_managed($params['category']);
        return write_lock::in_course($course->id, function () use ($course, $params) {
            $category = course_bank::category($course, $params['category'], $params['categoryname']);
            $importer = new question_importer($course, $category);
            $import = fn($question) => $importer->import($question['idnumber'], $question['hash'], $question['xml']);
            return ['questions' => array_map($import, $params['questions'])];
        });
    }

    /**
     * Return value.
     *
     * @return external_single_structure
     */
    public static function execute_returns(): external_single_structure {
        return new external_single_structure([
            'questions' => new external_multiple_structure(new external_single_structure([
                'idnumber' => self::text('Idnumber from the request'),
                'questionid' => self::id('The latest version, 0: failed'),
                'version' => self::id('The number of that version, 0: failed'),
                'action' => new external_value(PARAM_ALPHA, 'created, updated, unchanged or failed'),
                'error' => self::text('Why it failed'),
            ])),
        ]);
    }
}
