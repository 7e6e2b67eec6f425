<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Reports registrations when their email is confirmed.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

/**
 * Moodle sends the event of a new account before its email is confirmed, and
 * no event when it is confirmed. The first event after that is the first login.
 */
class registrations {
    /**
     * An account was created.
     *
     * @param int $userid
     */
    public static function created(int $userid): void {
        $kind = self::is_confirmed($userid) ? change_feed::USER_CREATED : change_feed::USER_UNCONFIRMED;
        change_feed::add($kind, $userid);
    }

    /**
     * An account was used or changed. If it was unconfirmed before and is confirmed now, report it as new.
     *
     * @param int $userid
     */
    public static function seen(int $userid): void {
        if (self::is_waiting($userid) && self::is_confirmed($userid)) {
            change_feed::add(change_feed::USER_CREATED, $userid);
        }
    }

    /**
     * Report every account that was confirmed and has not logged in since, for example when an administrator confirms it.
     */
    public static function report_confirmed(): void {
        global $DB;
        $table = change_feed::TABLE;
        $sql = "SELECT DISTINCT u.id
                  FROM {{$table}} w
                  JOIN {user} u ON u.id = w.userid
                 WHERE w.kind = :waiting AND u.confirmed = 1 AND u.deleted = 0
                       AND NOT EXISTS (SELECT 1 FROM {{$table}} c
                                        WHERE c.userid = w.userid AND c.kind = :created AND c.id > w.id)
              ORDER BY u.id";
        $params = ['waiting' => change_feed::USER_UNCONFIRMED, 'created' => change_feed::USER_CREATED];
        foreach ($DB->get_fieldset_sql($sql, $params) as $userid) {
            change_feed::add(change_feed::USER_CREATED, (int) $userid);
        }
    }

    /**
     * Mark the accounts that an earlier version of this plugin reported as new before they were confirmed.
     */
    public static function note_unconfirmed(): void {
        global $DB;
        $table = change_feed::TABLE;
        $sql = "SELECT DISTINCT u.id
                  FROM {{$table}} c
                  JOIN {user} u ON u.id = c.userid
                 WHERE c.kind = :created AND u.confirmed = 0 AND u.deleted = 0
              ORDER BY u.id";
        foreach ($DB->get_fieldset_sql($sql, ['created' => change_feed::USER_CREATED]) as $userid) {
            change_feed::add(change_feed::USER_UNCONFIRMED, (int) $userid);
        }
    }

    /**
     * Whether the latest feed row of an account says that it is not confirmed.
     *
     * @param int $userid
     * @return bool
     */
    private static function is_waiting(int $userid): bool {
        global $DB;
        [$in, $params] = $DB->get_in_or_equal([change_feed::USER_UNCONFIRMED, change_feed::USER_CREATED], SQL_PARAMS_NAMED);
        $params['userid'] = $userid;
        $rows = $DB->get_records_select(change_feed::TABLE, "userid = :userid AND kind $in", $params, 'id DESC', 'id, kind', 0, 1);
        $newest = reset($rows);
        return $newest && $newest->kind === change_feed::USER_UNCONFIRMED;
    }

    /**
     * Whether an account exists and its email is confirmed.
     *
     * @param int $userid
     * @return bool
     */
    private static function is_confirmed(int $userid): bool {
        global $DB;
        return $DB->record_exists('user', ['id' => $userid, 'confirmed' => 1, 'deleted' => 0]);
    }
}
