<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Reports the settings and attempt counts of quizzes.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

/**
 * Reads many quizzes at once: settings, attempts and questions in one query each.
 */
class quiz_report {
    /** @var \stdClass[] settings by quiz id. */
    private array $settings;

    /** @var \stdClass[] counts of attempts by quiz id. */
    private array $attempts;

    /** @var array question idnumbers in order, by quiz id. */
    private array $questions;

    /**
     * Read these quizzes.
     *
     * @param int[] $quizids
     */
    public function __construct(array $quizids) {
        global $DB;
        [$in, $params] = $DB->get_in_or_equal($quizids, SQL_PARAMS_NAMED);
        $this->settings = $this->read_settings($in, $params);
        $this->attempts = $this->read_attempts($in, $params);
        $this->questions = $this->read_questions($in, $params);
    }

    /**
     * The report on one quiz.
     *
     * @param int $quizid
     * @return array
     */
    public function of(int $quizid): array {
        $counts = $this->attempts[$quizid] ?? null;
        return [
            'attemptcount' => (int) ($counts->attemptcount ?? 0),
            'learnercount' => (int) ($counts->learnercount ?? 0),
            'finishedcount' => (int) ($counts->finishedcount ?? 0),
            'questions' => $this->questions[$quizid] ?? [],
        ] + (array) $this->settings[$quizid];
    }

    /**
     * Settings and pass mark.
     *
     * @param string $in
     * @param array $params
     * @return \stdClass[]
     */
    private function read_settings(string $in, array $params): array {
        global $DB;
        $sql = "SELECT q.id, q.timelimit, q.timeopen, q.timeclose, q.attempts, q.grademethod, q.grade, q.sumgrades,
                       q.shuffleanswers,
                       CASE WHEN i.grademax > 0 THEN i.gradepass / i.grademax * 100 ELSE 0 END AS gradepass
                  FROM {quiz} q
             LEFT JOIN {grade_items} i ON i.iteminstance = q.id AND i.itemmodule = 'quiz' AND i.itemtype = 'mod'
                       AND i.itemnumber = 0 AND i.courseid = q.course
                 WHERE q.id $in";
        return $DB->get_records_sql($sql, $params);
    }

    /**
     * Learners' attempts, without teachers' previews.
     *
     * @param string $in
     * @param array $params
     * @return \stdClass[]
     */
    private function read_attempts(string $in, array $params): array {
        global $DB;
        $sql = "SELECT quiz, COUNT(*) AS attemptcount, COUNT(DISTINCT userid) AS learnercount,
                       SUM(CASE WHEN state = 'finished' THEN 1 ELSE 0 END) AS finishedcount
                  FROM {quiz_attempts}
                 WHERE preview = 0 AND quiz $in
              GROUP BY quiz";
        return $DB->get_records_sql($sql, $params);
    }

    /**
     * Question idnumbers by slot; '' for a question without one or a random slot.
     *
     * @param string $in
     * @param array $params
     * @return array
     */
    private function read_questions(string $in, array $params): array {
        global $DB;
        $sql = "SELECT s.id, s.quizid, e.idnumber
                  FROM {quiz_slots} s
             LEFT JOIN {question_references} r ON r.itemid = s.id AND r.component = 'mod_quiz' AND r.questionarea = 'slot'
             LEFT JOIN {question_bank_entries} e ON e.id = r.questionbankentryid
                 WHERE s.quizid $in
              ORDER BY s.quizid, s.slot";
        $questions = [];
        foreach ($DB->get_records_sql($sql, $params) as $slot) {
            $questions[$slot->quizid][] = (string) $slot->idnumber;
        }
        return $questions;
    }
}
