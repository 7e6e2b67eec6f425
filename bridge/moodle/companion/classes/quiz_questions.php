<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * The list of questions in a quiz.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

use mod_quiz\quiz_settings;
use mod_quiz\structure;

/**
 * Reads and replaces the questions of one quiz. Each slot refers to a bank entry and uses its latest version, so a
 * corrected question is used in the next attempt, and existing attempts keep the version they were made with.
 * The list and its order can't change once learners have made attempts, because Moodle stores marks by slot.
 */
class quiz_questions {
    /** @var quiz_settings the quiz as Moodle sees it. */
    private quiz_settings $quiz;

    /**
     * Open one quiz.
     *
     * @param \stdClass $cm its course module
     */
    public function __construct(\stdClass $cm) {
        global $CFG;
        require_once($CFG->dirroot . '/mod/quiz/locallib.php');
        $this->quiz = quiz_settings::create($cm->instance);
    }

    /**
     * Refuse a change of the list once there are attempts.
     *
     * @param array $wanted question idnumber => latest version, as course_bank gives them
     * @throws problem quizhasattempts
     */
    public function require_changeable_to(array $wanted): void {
        if ($this->entries() === self::entries_of($wanted)) {
            return;
        }
        $attempts = $this->attempt_count();
        if ($attempts) {
            $quiz = $this->quiz->get_quiz_name();
            throw new problem('quizhasattempts', ['quiz' => $quiz, 'attempts' => $attempts]);
        }
    }

    /**
     * Set the list of questions, with one mark each and always the latest version.
     *
     * @param array $wanted question idnumber => latest version, as course_bank gives them
     * @return bool whether anything was written
     * @throws problem quizhasattempts
     */
    public function become(array $wanted): bool {
        $this->require_changeable_to($wanted);
        $changed = $this->entries() !== self::entries_of($wanted);
        if ($changed) {
            $this->replace($wanted);
        }
        return $this->restore_slots() || $changed;
    }

    /**
     * The quiz's bank entries in order; 0 for a slot with random questions.
     *
     * @return int[]
     */
    private function entries(): array {
        global $DB;
        $sql = "SELECT s.slot, r.questionbankentryid
                  FROM {quiz_slots} s
             LEFT JOIN {question_references} r ON r.itemid = s.id AND r.usingcontextid = :contextid
                       AND r.component = 'mod_quiz' AND r.questionarea = 'slot'
                 WHERE s.quizid = :quizid
              ORDER BY s.slot";
        $params = ['contextid' => $this->quiz->get_context()->id, 'quizid' => $this->quiz->get_quizid()];
        return array_map('intval', array_values($DB->get_records_sql_menu($sql, $params)));
    }

    /**
     * The desired bank entries, in order.
     *
     * @param array $wanted
     * @return int[]
     */
    private static function entries_of(array $wanted): array {
        return array_values(array_map(fn($version) => (int) $version->entryid, $wanted));
    }

    /**
     * The number of attempts that learners have started, without teachers' previews.
     *
     * @return int
     */
    private function attempt_count(): int {
        global $DB;
        return $DB->count_records('quiz_attempts', ['quiz' => $this->quiz->get_quizid(), 'preview' => 0]);
    }

    /**
     * Remove all questions and add the desired ones.
     *
     * @param array $wanted
     */
    private function replace(array $wanted): void {
        global $DB;
        $transaction = $DB->start_delegated_transaction();
        $quiz = $this->quiz->get_quiz();
        quiz_delete_previews($quiz);
        $this->empty_out();
        foreach ($wanted as $version) {
            quiz_add_quiz_question($version->questionid, $quiz, 0, quiz_policy::MARK);
        }
        $this->quiz->get_grade_calculator()->recompute_quiz_sumgrades();
        $transaction->allow_commit();
    }

    /**
     * Remove all questions and headings.
     */
    private function empty_out(): void {
        $structure = $this->fresh_structure();
        foreach ($structure->get_sections() as $section) {
            if ($section->firstslot > 1) {
                $structure->remove_section_heading($section->id);
            }
        }
        $structure = $this->fresh_structure();
        for ($left = $structure->get_question_count(); $left > 0; $left--) {
            // Always remove the first: the others move up, which keeps the structure's lists correct.
            $structure->remove_slot(1);
        }
    }

    /**
     * Restore each slot's mark and version.
     *
     * @return bool whether anything was written
     */
    private function restore_slots(): bool {
        $structure = $this->fresh_structure();
        $marked = false;
        $versioned = false;
        foreach ($structure->get_slots() as $slot) {
            $marked = $structure->update_slot_maxmark($slot, quiz_policy::MARK) || $marked;
            $versioned = $structure->update_slot_version($slot->id, null) || $versioned;
        }
        if ($marked) {
            $this->regrade();
        }
        return $marked || $versioned;
    }

    /**
     * Recalculate all grades after marks were changed by hand and restored.
     */
    private function regrade(): void {
        $quiz = $this->quiz->get_quiz();
        quiz_delete_previews($quiz);
        $calculator = $this->quiz->get_grade_calculator();
        $calculator->recompute_quiz_sumgrades();
        $calculator->recompute_all_attempt_sumgrades();
        $calculator->recompute_all_final_grades();
        quiz_update_grades($quiz, 0, true);
    }

    /**
     * The quiz's current structure.
     *
     * @return structure
     */
    private function fresh_structure(): structure {
        $this->quiz = quiz_settings::create($this->quiz->get_quizid());
        return $this->quiz->get_structure();
    }
}
