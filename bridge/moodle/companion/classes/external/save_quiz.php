<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Web service function: create or change a quiz.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath\external;

use core_external\external_function_parameters;
use core_external\external_value;
use local_stewardpath\quiz_writer;

/**
 * Creates a quiz, or changes the one with this idnumber. Import its questions first.
 */
class save_quiz extends save_activity {
    /**
     * Parameters.
     *
     * @return external_function_parameters
     */
    public static function execute_parameters(): external_function_parameters {
        return self::parameters_with([
            'pass' => new external_value(PARAM_FLOAT, 'Pass mark in per cent'),
            'questions' => self::list_of(self::text('Idnumber of a question, in order'), 'Its questions'),
        ]);
    }

    /**
     * Run the function.
     *
     * @param int $courseid
     * @param string $sectionidnumber
     * @param string $idnumber
     * @param string $name
     * @param string $intro
     * @param float $pass
     * @param string[] $questions
     * @param bool $visible
     * @param array $files list of {name, content}: the images of its text
     * @return array {id, action}
     */
    public static function execute(
        int $courseid,
        string $sectionidnumber,
        string $idnumber,
        string $name,
        string $intro,
        float $pass,
        array $questions,
        bool $visible = true,
        array $files = [],
    ): array {
        $params = self::validate_parameters(
            self::execute_parameters(),
            compact('courseid', 'sectionidnumber', 'idnumber', 'name', 'intro', 'pass', 'questions', 'visible', 'files')
        );
        return self::save($params, 'quiz', fn($course) => new quiz_writer(
            $course,
            $params['name'],
            $params['intro'],
            $params['pass'],
            $params['questions']
        ));
    }
}
