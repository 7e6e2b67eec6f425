<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * How every quiz of ours is set.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

use mod_quiz\question\display_options;

/**
 * The union's rule for quizzes: knowledge is ascertained, nobody is weeded out. No time limit, no closing date, as many
 * attempts as wanted, the best one counts, and everything is explained as soon as an attempt is over.
 */
class quiz_policy {
    /** @var int the highest grade, so that a grade is a per cent. */
    public const MAX_GRADE = 100;

    /** @var int marks for each question. */
    public const MARK = 1;

    /** @var int questions on a page. */
    private const PER_PAGE = 5;

    /** @var string[] what an attempt's review can show. */
    private const REVIEWED = [
        'attempt', 'correctness', 'maxmarks', 'marks', 'specificfeedback', 'generalfeedback', 'rightanswer', 'overallfeedback',
    ];

    /** @var string[] what is shown while an attempt is still being made: the questions, and what they are worth. */
    private const REVIEWED_DURING = ['attempt', 'maxmarks'];

    /** @var string[] when an attempt's review is open. */
    private const AFTERWARDS = ['immediately', 'open', 'closed'];

    /**
     * How a quiz's own record must read.
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
     * What the settings form sends otherwise than by column.
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
     * The review options as the database keeps them.
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
