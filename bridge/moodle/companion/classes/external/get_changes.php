<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Web service function: what happened since.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath\external;

use core_external\external_function_parameters;
use core_external\external_multiple_structure;
use core_external\external_single_structure;
use core_external\external_value;
use local_stewardpath\change_reader;

/**
 * Reads the change feed on from a row.
 */
class get_changes extends service_function {
    /** @var int the most rows in one answer. */
    private const MAX_ROWS = 1000;

    /** @var int the most gaps asked for again. */
    private const MAX_ROWS_MISSING = 500;

    /**
     * Parameters.
     *
     * @return external_function_parameters
     */
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'after' => self::id('Id of the last change read'),
            'limit' => new external_value(PARAM_INT, 'Maximum number of changes', VALUE_DEFAULT, 500),
            'missing' => self::list_of(self::id('An id that was missing before'), 'Ids between those read before'),
        ]);
    }

    /**
     * Run the function.
     *
     * @param int $after
     * @param int $limit
     * @param int[] $missing
     * @return array
     */
    public static function execute(int $after, int $limit = 500, array $missing = []): array {
        $params = self::validate_parameters(self::execute_parameters(), compact('after', 'limit', 'missing'));
        self::enter_site('readfeed');
        self::require_between('limit', $params['limit'], 1, self::MAX_ROWS);
        self::require_between('number of missing ids', count($params['missing']), 0, self::MAX_ROWS_MISSING);
        return change_reader::read($params['after'], $params['limit'], $params['missing']);
    }

    /**
     * Return value.
     *
     * @return external_single_structure
     */
    public static function execute_returns(): external_single_structure {
        return new external_single_structure([
            'feed' => self::text('ID of the feed; a different ID means that row ids have started again'),
            'oldest' => self::id('Smallest id, 0: none'),
            'newest' => self::id('Largest id, 0: none'),
            'changes' => new external_multiple_structure(self::change()),
            'found' => new external_multiple_structure(self::change()),
            'users' => new external_multiple_structure(self::user()),
            'more' => self::flag('There are more changes'),
            'numberlocked' => self::flag('The ID number is locked in all users\' own profiles'),
            'emailchangeconfirmation' => self::flag('Moodle confirms changed emails'),
        ]);
    }

    /**
     * One change.
     *
     * @return external_single_structure
     */
    private static function change(): external_single_structure {
        $idnumber = fn($what) => new external_value(PARAM_RAW, $what, VALUE_REQUIRED, null, NULL_ALLOWED);
        return new external_single_structure([
            'id' => self::id('Id of the change'),
            'kind' => self::text('Kind of change'),
            'userid' => self::id('User id, 0: none'),
            'courseid' => self::id('Course id, 0: none'),
            'courseidnumber' => $idnumber('Idnumber of the course at that time'),
            'cmid' => self::id('Course module id, 0: none'),
            'idnumber' => $idnumber('Idnumber of the activity at that time'),
            'state' => self::id('Completion state, or number of the attempt'),
            'grade' => self::percent('Grade in per cent'),
            'time' => self::id('Time'),
        ]);
    }

    /**
     * An account that was created or changed.
     *
     * @return external_single_structure
     */
    private static function user(): external_single_structure {
        return new external_single_structure([
            'id' => self::id('User id'),
            'idnumber' => self::text('Member number'),
            'username' => self::text('User name'),
            'email' => self::text('Email'),
            'firstname' => self::text('First name'),
            'lastname' => self::text('Last name'),
            'lang' => self::text('Language'),
            'auth' => self::text('Login method: manual, email, oauth2…'),
            'suspended' => self::flag('The account is suspended'),
            'confirmed' => self::flag('The email is confirmed'),
        ]);
    }
}
