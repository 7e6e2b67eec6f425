<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Writes the change feed.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

/**
 * One row for each event about a managed object or a user account. Rows are only added, and deleted after a time.
 */
class change_feed {
    /** @var string the table. */
    public const TABLE = 'local_stewardpath_change';

    /** @var int how long rows are kept, in seconds. */
    private const RETENTION_SECONDS = 90 * DAYSECS;

    /** @var string a completion state was set. */
    public const COMPLETION = 'completion';
    /** @var string an attempt at a quiz was finished. */
    public const ATTEMPT = 'attempt';
    /** @var string a user account was created and its email is confirmed. */
    public const USER_CREATED = 'user-created';
    /** @var string a user account was created and its email is not confirmed yet. */
    public const USER_UNCONFIRMED = 'user-unconfirmed';
    /** @var string a user account was changed. */
    public const USER_UPDATED = 'user-updated';
    /** @var string a user account was deleted. */
    public const USER_DELETED = 'user-deleted';
    /** @var string a user's last enrolment in a managed course ended. */
    public const ENROLMENT_DELETED = 'enrolment-deleted';
    /** @var string a managed course was reset: read its completions again. */
    public const COURSE_RESET = 'course-reset';

    /**
     * Add a row.
     *
     * @param string $kind one of the constants
     * @param int $userid the user concerned, 0: none
     * @param array $about any of courseid, courseidnumber, cmid, idnumber, state, grade
     */
    public static function add(string $kind, int $userid, array $about = []): void {
        global $DB;
        $DB->insert_record(self::TABLE, ['kind' => $kind, 'userid' => $userid, 'timecreated' => time()] + $about);
    }

    /**
     * Delete old rows. The newest row always stays, so the end of the feed never moves backwards.
     */
    public static function forget_old(): void {
        global $DB;
        $newest = (int) $DB->get_field_sql('SELECT MAX(id) FROM {' . self::TABLE . '}');
        $DB->delete_records_select(
            self::TABLE,
            'timecreated < :before AND id < :newest',
            ['before' => time() - self::RETENTION_SECONDS, 'newest' => $newest]
        );
    }
}
