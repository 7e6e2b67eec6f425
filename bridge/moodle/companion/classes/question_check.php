<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Finds flaws in a question that Moodle would not report properly.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

/**
 * Where a question type, while saving, would end the request with a notice page or save something nobody can answer,
 * the flaw is named here beforehand.
 */
class question_check {
    /** @var float a sum of fractions this near to 1 is 1: three thirds are not quite. */
    private const NEAR = 0.005;

    /**
     * Check a question.
     *
     * @param \stdClass $question as Moodle's import understands it
     * @return string an error message, or '' if nothing is wrong
     */
    public static function flaw(\stdClass $question): string {
        return match ($question->qtype) {
            'multichoice' => self::flaw_in_choices($question) ?: self::flaw_in_fractions($question),
            'shortanswer' => self::flaw_in_answers($question) ?: self::flaw_in_fractions($question),
            'numerical' => self::flaw_in_numbers($question) ?: self::flaw_in_answers($question)
                ?: self::flaw_in_fractions($question),
            'match' => self::flaw_in_pairs($question),
            'truefalse' => '',
            default => get_string('flawtype', 'local_stewardpath', $question->qtype),
        };
    }

    /**
     * A choice question must be answerable for exactly the full mark.
     *
     * @param \stdClass $question
     * @return string
     */
    private static function flaw_in_choices(\stdClass $question): string {
        $right = array_filter($question->fraction, fn($fraction) => $fraction > 0);
        $best = !$right ? 0 : ($question->single ? max($right) : array_sum($right));
        return abs($best - 1) < self::NEAR ? '' : get_string('flawnoright', 'local_stewardpath');
    }

    /**
     * A question with typed answers needs one that is fully right.
     *
     * @param \stdClass $question
     * @return string
     */
    private static function flaw_in_answers(\stdClass $question): string {
        $best = $question->fraction ? max($question->fraction) : 0;
        return abs($best - 1) < self::NEAR ? '' : get_string('flawnoright', 'local_stewardpath');
    }

    /**
     * Fractions must be values that Moodle's forms offer. Each is set to the exact value that Moodle stores.
     *
     * @param \stdClass $question
     * @return string
     */
    private static function flaw_in_fractions(\stdClass $question): string {
        $known = \question_bank::fraction_options_full();
        foreach ($question->fraction as $key => $fraction) {
            $match = match_grade_options($known, $fraction, 'error');
            if ($match === false) {
                return get_string('flawfraction', 'local_stewardpath', $fraction * 100);
            }
            $question->fraction[$key] = $match;
        }
        return '';
    }

    /**
     * The answers of a numerical question must be numbers.
     *
     * @param \stdClass $question
     * @return string
     */
    private static function flaw_in_numbers(\stdClass $question): string {
        foreach ($question->answer as $key => $answer) {
            $tolerance = $question->tolerance[$key] ?? 0;
            if (($answer !== '*' && !is_numeric($answer)) || !is_numeric($tolerance ?: 0)) {
                return get_string('flawnumber', 'local_stewardpath', "$answer ± $tolerance");
            }
        }
        return '';
    }

    /**
     * A matching question needs two complete pairs with different answers.
     *
     * @param \stdClass $question
     * @return string
     */
    private static function flaw_in_pairs(\stdClass $question): string {
        $pairs = 0;
        $answers = [];
        foreach ($question->subquestions as $key => $text) {
            $asked = trim($text['text']) !== '';
            $answer = trim((string) ($question->subanswers[$key] ?? ''));
            if ($asked && $answer === '') {
                return get_string('flawpair', 'local_stewardpath');
            }
            $pairs += (int) $asked;
            $answers[$answer] = true;
        }
        unset($answers['']);
        return $pairs < 2 || count($answers) < 2 ? get_string('flawpair', 'local_stewardpath') : '';
    }
}
