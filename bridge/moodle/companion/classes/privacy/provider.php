<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Describes, exports and deletes the personal data of this plugin.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath\privacy;

use core_privacy\local\metadata\collection;
use core_privacy\local\request\approved_contextlist;
use core_privacy\local\request\approved_userlist;
use core_privacy\local\request\contextlist;
use core_privacy\local\request\transform;
use core_privacy\local\request\userlist;
use core_privacy\local\request\writer;
use local_stewardpath\change_feed;

/**
 * Each row of the change feed belongs to the context of its user.
 */
class provider implements
    \core_privacy\local\metadata\provider,
    \core_privacy\local\request\core_userlist_provider,
    \core_privacy\local\request\plugin\provider {
    #[\Override]
    public static function get_metadata(collection $collection): collection {
        $fields = ['kind', 'userid', 'courseid', 'courseidnumber', 'cmid', 'idnumber', 'state', 'grade', 'timecreated'];
        $strings = array_map(fn($field) => "privacy:metadata:change:$field", $fields);
        $collection->add_database_table(change_feed::TABLE, array_combine($fields, $strings), 'privacy:metadata:change');
        $collection->add_external_location_link('stewardpath', [
            'account' => 'privacy:metadata:external:account',
            'completions' => 'privacy:metadata:external:completions',
        ], 'privacy:metadata:external');
        return $collection;
    }

    #[\Override]
    public static function get_contexts_for_userid(int $userid): contextlist {
        global $DB;
        $contexts = new contextlist();
        if ($DB->record_exists(change_feed::TABLE, ['userid' => $userid])) {
            $contexts->add_user_context($userid);
        }
        return $contexts;
    }

    #[\Override]
    public static function get_users_in_context(userlist $userlist): void {
        global $DB;
        $userid = self::user_of($userlist->get_context());
        if ($userid && $DB->record_exists(change_feed::TABLE, ['userid' => $userid])) {
            $userlist->add_user($userid);
        }
    }

    #[\Override]
    public static function export_user_data(approved_contextlist $contextlist): void {
        global $DB;
        $userid = (int) $contextlist->get_user()->id;
        foreach ($contextlist->get_contexts() as $context) {
            if (self::user_of($context) !== $userid) {
                continue;
            }
            $rows = $DB->get_records(change_feed::TABLE, ['userid' => $userid], 'id');
            $changes = array_map([self::class, 'readable'], array_values($rows));
            $path = [get_string('pluginname', 'local_stewardpath')];
            writer::with_context($context)->export_data($path, (object) ['changes' => $changes]);
        }
    }

    #[\Override]
    public static function delete_data_for_all_users_in_context(\context $context): void {
        self::forget(self::user_of($context));
    }

    #[\Override]
    public static function delete_data_for_user(approved_contextlist $contextlist): void {
        foreach ($contextlist->get_contexts() as $context) {
            self::forget(self::user_of($context));
        }
    }

    #[\Override]
    public static function delete_data_for_users(approved_userlist $userlist): void {
        $userid = self::user_of($userlist->get_context());
        if (in_array($userid, $userlist->get_userids())) {
            self::forget($userid);
        }
    }

    /**
     * The user a context belongs to.
     *
     * @param \context $context
     * @return int 0 when it is not a user's
     */
    private static function user_of(\context $context): int {
        return $context instanceof \context_user ? (int) $context->instanceid : 0;
    }

    /**
     * Delete a user's data.
     *
     * @param int $userid 0: nobody
     */
    private static function forget(int $userid): void {
        global $DB;
        if ($userid) {
            $DB->delete_records(change_feed::TABLE, ['userid' => $userid]);
        }
    }

    /**
     * One row, for its user.
     *
     * @param \stdClass $row
     * @return \stdClass
     */
    private static function readable(\stdClass $row): \stdClass {
        return (object) [
            'kind' => $row->kind,
            'user' => $row->userid,
            'courseid' => $row->courseid,
            'course' => $row->courseidnumber,
            'module' => $row->cmid,
            'activity' => $row->idnumber,
            'state' => $row->state,
            'grade' => $row->grade,
            'time' => transform::datetime($row->timecreated),
        ];
    }
}
