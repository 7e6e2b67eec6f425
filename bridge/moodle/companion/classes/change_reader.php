<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Reads the change feed.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

/**
 * Reads rows in the order of their ids. An id is assigned before its row is committed, so a row can appear after one with
 * a larger id was read. A reader remembers the gaps and requests them again.
 */
class change_reader {
    /** @var string[] the columns of a change. */
    private const COLUMNS = 'id, kind, userid, courseid, courseidnumber, cmid, idnumber, state, grade, timecreated AS time';

    /**
     * The ID of the feed. A different ID means that row ids have started again.
     *
     * @return string
     */
    public static function feed(): string {
        return (string) get_config('local_stewardpath', 'feed');
    }

    /**
     * The smallest and the largest row id.
     *
     * @return array {oldest, newest}; 0 if there are no rows
     */
    public static function bounds(): array {
        global $DB;
        $row = $DB->get_record_sql('SELECT MIN(id) AS oldest, MAX(id) AS newest FROM {' . change_feed::TABLE . '}');
        return ['oldest' => (int) $row->oldest, 'newest' => (int) $row->newest];
    }

    /**
     * Read the next page.
     *
     * @param int $after id of the last row read
     * @param int $limit
     * @param int[] $missing ids that were missing before
     * @return array {feed, oldest, newest, changes, found, users, more, numberlocked, emailchangeconfirmation}
     */
    public static function read(int $after, int $limit, array $missing): array {
        global $DB;
        $bounds = self::bounds();
        $rows = $DB->get_records_select(
            change_feed::TABLE,
            'id > :after',
            ['after' => $after],
            'id',
            self::COLUMNS,
            0,
            $limit + 1
        );
        $changes = array_slice(array_values($rows), 0, $limit);
        $found = $missing ? $DB->get_records_list(change_feed::TABLE, 'id', $missing, 'id', self::COLUMNS) : [];
        return ['feed' => self::feed()] + $bounds + [
            'changes' => $changes,
            'found' => array_values($found),
            'users' => self::users_of(array_merge($changes, $found)),
            'more' => count($rows) > $limit,
            'numberlocked' => profile_rules::is_number_locked(),
            'emailchangeconfirmation' => profile_rules::is_email_confirmed(),
        ];
    }

    /**
     * The accounts that were created or changed and still exist.
     *
     * @param \stdClass[] $changes
     * @return \stdClass[]
     */
    private static function users_of(array $changes): array {
        global $DB;
        $kinds = [change_feed::USER_CREATED, change_feed::USER_UPDATED];
        $ids = array_column(array_filter($changes, fn($change) => in_array($change->kind, $kinds)), 'userid', 'userid');
        if (!$ids) {
            return [];
        }
        [$in, $params] = $DB->get_in_or_equal($ids, SQL_PARAMS_NAMED);
        $columns = 'id, idnumber, username, email, firstname, lastname, lang, auth, suspended, confirmed';
        return array_values($DB->get_records_select('user', "deleted = 0 AND id $in", $params, 'id', $columns));
    }
}
