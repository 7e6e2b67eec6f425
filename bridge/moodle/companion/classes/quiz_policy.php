<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * The settings of every managed quiz.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

use mod_quiz\question\display_options;

/**
 * Quizzes check understanding; they are not exams. There is no time limit, no closing date and no limit on attempts;
 * the best attempt counts, and all explanations are shown after each attempt.
 */
class quiz_policy {
    /** @var int the maximum grade; 100 makes grades percentages. */
    public const MAX_GRADE = 100;

    /** @var int mark of each question. */
    public const MARK = 1;

    /** @var int questions per page. */
    private const PER_PAGE = 5;

    /** @var string[] what the review of an attempt can show. */
    private const REVIEWED = [
        'attempt', 'correctness', 'maxmarks', 'marks', 'specificfeedback', 'generalfeedback', 'rightanswer', 'overallfeedback',
    ];

    /** @var string[] what is shown during an attempt: the questions and their marks. */
    private const REVIEWED_DURING = ['attempt', 'maxmarks'];

    /** @var string[] when the review of an attempt is open. */
    private const AFTERWARDS = ['immediately', 'open', 'closed'];

    /**
     * The desired values of a quiz's record.
     *
     * @return array column => value
     */
    public static function columns(): array {
        return [
            'timeopen' => 0,
            'timeclose' => 0,
            'timelimit' => 0,
            'overduehandling' => 'autosubmit',
            'graceperiod' => 0,
            'attempts' => 0,
            'attemptonlast' => 0,
            'grademethod' => (int) QUIZ_GRADEHIGHEST,
            'decimalpoints' => 2,
            'questiondecimalpoints' => -1,
            'preferredbehaviour' => 'deferredfeedback',
            'canredoquestions' => 0,
            'questionsperpage' => self::PER_PAGE,
            'navmethod' => QUIZ_NAVMETHOD_FREE,
            'shuffleanswers' => 1,
            'password' => '',
            'subnet' => '',
            'browsersecurity' => '-',
            'delay1' => 0,
            'delay2' => 0,
            'completionattemptsexhausted' => 0,
            'completionminattempts' => 0,
        ] + self::review_columns();
    }

    /**
     * The form fields that are not columns.
     *
     * @return array field => value
     */
    public static function form(): array {
        $fields = ['quizpassword' => '', 'completionminattemptsenabled' => 0];
        foreach (self::REVIEWED as $what) {
            $fields[$what . 'during'] = (int) in_array($what, self::REVIEWED_DURING);
            foreach (self::AFTERWARDS as $when) {
                $fields[$what . $when] = 1;
            }
        }
        return $fields;
    }

    /**
     * The review options as the database stores them.
     *
     * @return array column => bits
     */
    private static function review_columns(): array {
        $afterwards = display_options::IMMEDIATELY_AFTER | display_options::LATER_WHILE_OPEN | display_options::AFTER_CLOSE;
        $columns = [];
        foreach (self::REVIEWED as $what) {
            $during = in_array($what, self::REVIEWED_DURING) ? display_options::DURING : 0;
            $columns["review$what"] = $afterwards | $during;
        }
        return $columns;
    }
}
