<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Completions in a course, for reconciliation.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

/**
 * Reads Moodle's own completion rows, in the order of their ids.
 */
class completion_report {
    /**
     * Read the next page. Only enrolled users whose account exists are included.
     *
     * @param int $courseid
     * @param int $after id of the last row read
     * @param int $limit
     * @return array {completions, more}
     */
    public static function read(int $courseid, int $after, int $limit): array {
        global $DB;
        [$begins, $params] = ownership::sql_begins('cm.idnumber');
        $sql = "SELECT c.id, c.userid, cm.id AS cmid, cm.idnumber, c.completionstate AS state, c.timemodified AS time,
                       CASE WHEN m.name = 'quiz' AND i.grademax > 0 THEN g.finalgrade / i.grademax * 100 END AS grade
                  FROM {course_modules_completion} c
                  JOIN {course_modules} cm ON cm.id = c.coursemoduleid AND cm.deletioninprogress = 0
                  JOIN {modules} m ON m.id = cm.module
                  JOIN {user} u ON u.id = c.userid AND u.deleted = 0
             LEFT JOIN {grade_items} i ON i.itemtype = 'mod' AND i.itemmodule = m.name AND i.itemnumber = 0
                       AND i.iteminstance = cm.instance AND i.courseid = cm.course
             LEFT JOIN {grade_grades} g ON g.itemid = i.id AND g.userid = c.userid
                 WHERE cm.course = :course AND c.id > :after AND c.completionstate > 0 AND $begins
                       AND EXISTS (SELECT 1
                                     FROM {user_enrolments} ue
                                     JOIN {enrol} e ON e.id = ue.enrolid
                                    WHERE ue.userid = c.userid AND e.courseid = cm.course)
              ORDER BY c.id";
        $rows = $DB->get_records_sql($sql, $params + ['course' => $courseid, 'after' => $after], 0, $limit + 1);
        return ['completions' => array_slice(array_values($rows), 0, $limit), 'more' => count($rows) > $limit];
    }
}
