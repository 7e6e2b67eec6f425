<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * How often the questions of a course are answered wrongly in first attempts.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

/**
 * Counts learners' first attempts by question. The result contains no personal data.
 */
class missed_questions {
    /** @var string the smallest fraction that is not wrong, as in question_state::graded_state_for_fraction(). */
    private const MIN_PARTLY_RIGHT = '0.000001';

    /** @var string the largest fraction that is not fully right. */
    private const MAX_PARTLY_RIGHT = '0.999999';

    /**
     * Count the latest version of each question only: answers to an older version say nothing about the current one.
     * A question without an answer counts as wrong. Teachers' previews and unfinished attempts don't count.
     *
     * @param int $courseid
     * @param int $since only attempts finished at this time or later
     * @return array of {quiz, question, asked, wrong, partly}: two idnumbers and three counts
     */
    public static function count(int $courseid, int $since): array {
        global $DB;
        [$ourquiz, $quizparams] = ownership::sql_begins('cm.idnumber', ownership::MARK, 'quizmark');
        [$ourquestion, $questionparams] = ownership::sql_begins('e.idnumber', ownership::MARK, 'questionmark');
        $sql = "SELECT cm.idnumber AS quiz, e.idnumber AS question, COUNT(*) AS asked,
                       SUM(CASE WHEN s.fraction >= " . self::MIN_PARTLY_RIGHT . " THEN 0 ELSE 1 END) AS wrong,
                       SUM(CASE WHEN s.fraction BETWEEN " . self::MIN_PARTLY_RIGHT . " AND " . self::MAX_PARTLY_RIGHT . "
                                THEN 1 ELSE 0 END) AS partly
                  FROM {course_modules} cm
                  JOIN {modules} m ON m.id = cm.module AND m.name = 'quiz'
                  JOIN {quiz_attempts} a ON a.quiz = cm.instance AND a.attempt = 1 AND a.preview = 0
                       AND a.state = 'finished' AND a.timefinish >= :since
                  JOIN {question_attempts} qa ON qa.questionusageid = a.uniqueid
                  JOIN {question_versions} v ON v.questionid = qa.questionid
                  JOIN {question_bank_entries} e ON e.id = v.questionbankentryid
             LEFT JOIN {question_versions} newer ON newer.questionbankentryid = e.id AND newer.version > v.version
                  JOIN {question_attempt_steps} s ON s.questionattemptid = qa.id
                       AND s.sequencenumber = (SELECT MAX(last.sequencenumber)
                                                 FROM {question_attempt_steps} last
                                                WHERE last.questionattemptid = qa.id)
                 WHERE cm.course = :course AND cm.deletioninprogress = 0 AND newer.id IS NULL
                       AND $ourquiz AND $ourquestion
              GROUP BY cm.idnumber, e.idnumber
              ORDER BY cm.idnumber, e.idnumber";
        $params = ['course' => $courseid, 'since' => $since] + $quizparams + $questionparams;
        $questions = [];
        $found = $DB->get_recordset_sql($sql, $params);
        foreach ($found as $question) {
            $questions[] = (array) $question;
        }
        $found->close();
        return $questions;
    }
}
