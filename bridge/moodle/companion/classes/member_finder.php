<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Finds the accounts of members.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

/**
 * Looks accounts up by member number (the user's idnumber) and by email. It returns all matches; the caller
 * decides which one is right.
 */
class member_finder {
    /** @var string the columns of an account. */
    private const COLUMNS = 'id, idnumber, email, username, suspended, confirmed';

    /**
     * Find the accounts of many members at once.
     *
     * @param array $members list of {number, email}; either may be empty
     * @param int $serviceuserid the service user, which is never a match
     * @return array list of {index, userid, idnumber, email, username, suspended, confirmed, matchedby}
     */
    public static function find(array $members, int $serviceuserid): array {
        $numbers = self::positions(array_column($members, 'number'));
        $emails = self::positions(array_map('core_text::strtolower', array_column($members, 'email')));
        $matches = self::collect(self::accounts('idnumber', $numbers, $serviceuserid), 'idnumber', $numbers, 'number')
            + self::collect(self::accounts('LOWER(email)', $emails, $serviceuserid), 'email', $emails, 'email');
        ksort($matches, SORT_NATURAL);
        return array_values($matches);
    }

    /**
     * The positions of each value in the request, without empty values.
     *
     * @param string[] $values
     * @return array value => int[]
     */
    private static function positions(array $values): array {
        $positions = [];
        foreach ($values as $index => $value) {
            if (trim($value) !== '') {
                $positions[trim($value)][] = $index;
            }
        }
        return $positions;
    }

    /**
     * The accounts that have one of the values.
     *
     * @param string $column
     * @param array $positions
     * @param int $serviceuserid
     * @return \stdClass[]
     */
    private static function accounts(string $column, array $positions, int $serviceuserid): array {
        global $CFG, $DB;
        if (!$positions) {
            return [];
        }
        [$in, $params] = $DB->get_in_or_equal(array_map('strval', array_keys($positions)), SQL_PARAMS_NAMED);
        $select = "$column $in AND deleted = 0 AND mnethostid = :host AND id <> :guest AND id <> :service";
        $params += ['host' => $CFG->mnet_localhost_id, 'guest' => (int) $CFG->siteguest, 'service' => $serviceuserid];
        return $DB->get_records_select('user', $select, $params, 'id', self::COLUMNS);
    }

    /**
     * One entry for each account and position.
     *
     * @param \stdClass[] $accounts
     * @param string $field
     * @param array $positions
     * @param string $matchedby
     * @return array "position-userid" => entry
     */
    private static function collect(array $accounts, string $field, array $positions, string $matchedby): array {
        $matches = [];
        foreach ($accounts as $account) {
            $value = $matchedby === 'email' ? \core_text::strtolower($account->$field) : $account->$field;
            foreach ($positions[$value] ?? [] as $index) {
                $matches["$index-$account->id"] = [
                    'index' => $index,
                    'userid' => $account->id,
                    'idnumber' => $account->idnumber,
                    'email' => $account->email,
                    'username' => $account->username,
                    'suspended' => $account->suspended,
                    'confirmed' => $account->confirmed,
                    'matchedby' => $matchedby,
                ];
            }
        }
        return $matches;
    }
}
