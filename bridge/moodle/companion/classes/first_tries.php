<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * First attempts at the quizzes of a course, for a reader that has not read the change feed from its beginning.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

/**
 * Reads Moodle's own attempts, in the order of their ids.
 */
class first_tries {
    /**
     * Read the next page, without previews, ungraded attempts and deleted accounts.
     *
     * @param int $courseid
     * @param int $since only attempts finished at this time or later
     * @param int $after id of the last row read
     * @param int $limit
     * @return array {tries, more}
     */
    public static function read(int $courseid, int $since, int $after, int $limit): array {
        global $DB;
        [$begins, $params] = ownership::sql_begins('cm.idnumber');
        $sql = "SELECT a.id, a.userid, cm.idnumber, a.sumgrades / q.sumgrades * 100 AS grade, a.timefinish AS time
                  FROM {quiz_attempts} a
                  JOIN {quiz} q ON q.id = a.quiz AND q.sumgrades > 0
                  JOIN {course_modules} cm ON cm.instance = q.id AND cm.course = q.course AND cm.deletioninprogress = 0
                  JOIN {modules} m ON m.id = cm.module AND m.name = 'quiz'
                  JOIN {user} u ON u.id = a.userid AND u.deleted = 0
                 WHERE q.course = :course AND a.id > :after AND a.attempt = 1 AND a.preview = 0
                       AND a.state = 'finished' AND a.timefinish >= :since AND a.sumgrades IS NOT NULL AND $begins
              ORDER BY a.id";
        $params += ['course' => $courseid, 'after' => $after, 'since' => $since];
        $rows = $DB->get_records_sql($sql, $params, 0, $limit + 1);
        return ['tries' => array_slice(array_values($rows), 0, $limit), 'more' => count($rows) > $limit];
    }
}
