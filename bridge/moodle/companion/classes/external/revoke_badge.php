<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Web service function: revoke a badge.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath\external;

use core_external\external_function_parameters;
use core_external\external_single_structure;
use local_stewardpath\badge_giver;
use local_stewardpath\ownership;
use local_stewardpath\write_lock;

/**
 * Revokes a member's badge. A repeated call changes nothing.
 */
class revoke_badge extends service_function {
    /**
     * Parameters.
     *
     * @return external_function_parameters
     */
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'idnumber' => self::text('Idnumber of the badge'),
            'userid' => self::id('The member'),
        ]);
    }

    /**
     * Run the function.
     *
     * @param string $idnumber
     * @param int $userid
     * @return array {revoked}
     */
    public static function execute(string $idnumber, int $userid): array {
        $params = self::validate_parameters(self::execute_parameters(), compact('idnumber', 'userid'));
        self::enter_site('issuebadges', ['moodle/badges:awardbadge']);
        ownership::require_managed($params['idnumber']);
        return write_lock::on_site(fn() => badge_giver::take($params['idnumber'], $params['userid']));
    }

    /**
     * Return value.
     *
     * @return external_single_structure
     */
    public static function execute_returns(): external_single_structure {
        return new external_single_structure([
            'revoked' => self::flag('The member had it until this call'),
        ]);
    }
}
