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
    private const MOST = 1000;

    /** @var int the most gaps asked for again. */
    private const MOST_MISSING = 500;

    /**
     * What it takes.
     *
     * @return external_function_parameters
     */
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'after' => self::id('Id of the last change read'),
            'limit' => new external_value(PARAM_INT, 'How many changes at most', VALUE_DEFAULT, 500),
            'missing' => self::list_of(self::id('An id that was not there yet'), 'Ids between those read before'),
        ]);
    }

    /**
     * Read it.
     *
     * @param int $after
     * @param int $limit
     * @param int[] $missing
     * @return array
     */
    public static function execute(int $after, int $limit = 500, array $missing = []): array {
        $params = self::validate_parameters(self::execute_parameters(), compact('after', 'limit', 'missing'));
        self::enter_site('readfeed');
        self::require_between('limit', $params['limit'], 1, self::MOST);
        self::require_between('number of missing ids', count($params['missing']), 0, self::MOST_MISSING);
        return change_reader::read($params['after'], $params['limit'], $params['missing']);
    }

    /**
     * What it returns.
     *
     * @return external_single_structure
     */
    public static function execute_returns(): external_single_structure {
        return new external_single_structure([
            'feed' => self::text('Name of the feed; another one means that ids start anew'),
            'oldest' => self::id('Smallest id still kept, 0: none'),
            'newest' => self::id('Largest id, 0: none'),
            'changes' => new external_multiple_structure(self::change()),
            'found' => new external_multiple_structure(self::change()),
            'users' => new external_multiple_structure(self::user()),
            'more' => self::flag('There are further changes'),
            'numberlocked' => self::flag('Nobody can change the ID number in their own profile'),
            'emailchangeconfirmation' => self::flag('A changed e-mail is confirmed before it counts'),
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
            'id' => self::id('Its place in the feed'),
            'kind' => self::text('What happened'),
            'userid' => self::id('To whom, 0: nobody in particular'),
            'courseid' => self::id('In which course, 0: none'),
            'courseidnumber' => $idnumber('Idnumber of the course at that time'),
            'cmid' => self::id('In which activity, 0: none'),
            'idnumber' => $idnumber('Idnumber of the activity at that time'),
            'state' => self::id('Completion state, or number of the attempt'),
            'grade' => self::percent('Grade in per cent'),
            'time' => self::id('When'),
        ]);
    }

    /**
     * An account that was made or changed.
     *
     * @return external_single_structure
     */
    private static function user(): external_single_structure {
        return new external_single_structure([
            'id' => self::id('User id'),
            'idnumber' => self::text('Member number'),
            'username' => self::text('User name'),
            'email' => self::text('E-mail'),
            'firstname' => self::text('First name'),
            'lastname' => self::text('Last name'),
            'lang' => self::text('Language'),
            'auth' => self::text('How the user signs in: manual, email, oauth2…'),
            'suspended' => self::flag('May not sign in'),
            'confirmed' => self::flag('The e-mail is confirmed'),
        ]);
    }
}
