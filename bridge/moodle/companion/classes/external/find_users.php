<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Web service function: find the accounts of members.
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
use local_stewardpath\member_finder;

/**
 * Lists every account that has a member's number or email.
 */
class find_users extends service_function {
    /** @var int the most members in one question. */
    private const MAX_MEMBERS = 500;

    /**
     * Parameters.
     *
     * @return external_function_parameters
     */
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'members' => self::list_of(new external_single_structure([
                'number' => new external_value(PARAM_RAW, 'Member number', VALUE_DEFAULT, ''),
                'email' => new external_value(PARAM_RAW, 'Email', VALUE_DEFAULT, ''),
            ]), 'Whom to look for'),
        ]);
    }

    /**
     * Find them.
     *
     * @param array $members list of {number, email}
     * @return array {matches}
     */
    public static function execute(array $members): array {
        global $USER;
        ['members' => $members] = self::validate_parameters(self::execute_parameters(), ['members' => $members]);
        self::enter_site('readfeed');
        self::require_between('number of members', count($members), 0, self::MAX_MEMBERS);
        return ['matches' => member_finder::find($members, (int) $USER->id)];
    }

    /**
     * Return value.
     *
     * @return external_single_structure
     */
    public static function execute_returns(): external_single_structure {
        return new external_single_structure([
            'matches' => new external_multiple_structure(new external_single_structure([
                'index' => self::id('Position of the member in the request, from 0'),
                'userid' => self::id('User id'),
                'idnumber' => self::text('Member number of the account'),
                'email' => self::text('Email of the account'),
                'username' => self::text('User name'),
                'suspended' => self::flag('The account is suspended'),
                'confirmed' => self::flag('The email is confirmed'),
                'matchedby' => new external_value(PARAM_ALPHA, 'number or email'),
            ])),
        ]);
    }
}
