<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * What members have in Moodle, for reconciliation.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

/**
 * Reads accounts and everything managed that they have: one query for each kind, however many users.
 */
class member_report {
    /** @var string the columns of an account. */
    private const COLUMNS = 'id AS userid, deleted, suspended, confirmed, email, firstname, lastname';

    /**
     * Read what users have. Users that never existed are left out.
     *
     * @param int[] $userids
     * @return array list as external\get_member_states returns it
     */
    public static function read(array $userids): array {
        global $DB;
        if (!$userids) {
            return [];
        }
        [$in, $params] = $DB->get_in_or_equal($userids, SQL_PARAMS_NAMED, 'u');
        $users = $DB->get_records_select('user', "id $in", $params, 'id', self::COLUMNS);
        foreach ($users as $user) {
            $user->enrolments = $user->cohorts = $user->templates = $user->badges = $user->competencies = [];
            if ($user->deleted) {
                $user->email = $user->firstname = $user->lastname = '';
            }
        }
        self::collect($users, 'enrolments', self::enrolments($in), $params);
        self::collect($users, 'competencies', self::competencies($in), $params);
        foreach (['cohorts' => self::cohorts($in), 'templates' => self::templates($in), 'badges' => self::badges($in)] as $name => $sql) {
            self::collect($users, $name, $sql, $params, true);
        }
        return array_values($users);
    }

    /**
     * Add the rows of a query to their users.
     *
     * @param \stdClass[] $users by id
     * @param string $name of the list
     * @param array $query [SQL, parameters]; the columns are userid and the ones to return
     * @param array $params the users
     * @param bool $plain whether the list has the values of the column "value" instead of rows
     */
    private static function collect(array $users, string $name, array $query, array $params, bool $plain = false): void {
        global $DB;
        [$sql, $more] = $query;
        $rows = $DB->get_recordset_sql($sql, $params + $more);
        foreach ($rows as $row) {
            $user = $users[$row->userid] ?? null;
            unset($row->userid);
            if ($user && !$user->deleted) {
                $user->{$name}[] = $plain ? $row->value : (array) $row;
            }
        }
        $rows->close();
    }

    /**
     * Enrolments in managed courses, by any method. One that is active counts more than suspended ones.
     *
     * @param string $in SQL condition for a user id
     * @return array [SQL, parameters]
     */
    private static function enrolments(string $in): array {
        [$begins, $params] = ownership::sql_begins('c.idnumber');
        return ["SELECT ue.userid, c.id AS courseid, MIN(CASE WHEN ue.status = 0 AND e.status = 0 THEN 0 ELSE 1 END) AS suspended
                   FROM {user_enrolments} ue
                   JOIN {enrol} e ON e.id = ue.enrolid
                   JOIN {course} c ON c.id = e.courseid
                  WHERE ue.userid $in AND $begins
               GROUP BY ue.userid, c.id
               ORDER BY ue.userid, c.id", $params];
    }

    /**
     * Membership of managed cohorts.
     *
     * @param string $in SQL condition for a user id
     * @return array [SQL, parameters]
     */
    private static function cohorts(string $in): array {
        [$begins, $params] = ownership::sql_begins('c.idnumber');
        return ["SELECT cm.userid, c.id AS value
                   FROM {cohort_members} cm
                   JOIN {cohort} c ON c.id = cm.cohortid
                  WHERE cm.userid $in AND $begins
               ORDER BY cm.userid, c.id", $params];
    }

    /**
     * The templates of learning plans, if they have a managed competency.
     *
     * @param string $in SQL condition for a user id
     * @return array [SQL, parameters]
     */
    private static function templates(string $in): array {
        [$begins, $params] = ownership::sql_begins('c.idnumber');
        return ["SELECT DISTINCT p.userid, p.templateid AS value
                   FROM {competency_plan} p
                   JOIN {competency_templatecomp} tc ON tc.templateid = p.templateid
                   JOIN {competency} c ON c.id = tc.competencyid
                  WHERE p.userid $in AND $begins
               ORDER BY p.userid, p.templateid", $params];
    }

    /**
     * Managed badges that were issued.
     *
     * @param string $in SQL condition for a user id
     * @return array [SQL, parameters]
     */
    private static function badges(string $in): array {
        return ["SELECT i.userid, i.badgeid AS value
                   FROM {badge_issued} i
                   JOIN {local_stewardpath_badge} m ON m.badgeid = i.badgeid
                  WHERE i.userid $in
               ORDER BY i.userid, i.badgeid", []];
    }

    /**
     * Ratings of managed competencies.
     *
     * @param string $in SQL condition for a user id
     * @return array [SQL, parameters]
     */
    private static function competencies(string $in): array {
        [$begins, $params] = ownership::sql_begins('c.idnumber');
        return ["SELECT uc.userid, c.id AS competencyid, CASE WHEN uc.proficiency = 1 THEN 1 ELSE 0 END AS proficient
                   FROM {competency_usercomp} uc
                   JOIN {competency} c ON c.id = uc.competencyid
                  WHERE uc.userid $in AND $begins AND uc.grade IS NOT NULL
               ORDER BY uc.userid, c.id", $params];
    }
}
