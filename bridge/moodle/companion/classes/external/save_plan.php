<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Web service function: create a member's learning plan.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath\external;

use core_external\external_function_parameters;
use core_external\external_single_structure;
use local_stewardpath\plans;
use local_stewardpath\write_lock;

/**
 * Creates a learning plan from a template. A repeated call changes nothing.
 */
class save_plan extends service_function {
    /**
     * Parameters.
     *
     * @return external_function_parameters
     */
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'userid' => self::id('The member'),
            'templateid' => self::id('The template'),
        ]);
    }

    /**
     * Run the function.
     *
     * @param int $userid
     * @param int $templateid
     * @return array {id, action}
     */
    public static function execute(int $userid, int $templateid): array {
        $params = self::validate_parameters(self::execute_parameters(), compact('userid', 'templateid'));
        self::enter_site('sync', ['moodle/competency:planmanage', 'moodle/competency:templateview']);
        return write_lock::on_site(fn() => plans::save($params['userid'], $params['templateid']));
    }

    /**
     * Return value.
     *
     * @return external_single_structure
     */
    public static function execute_returns(): external_single_structure {
        return self::saved();
    }
}
