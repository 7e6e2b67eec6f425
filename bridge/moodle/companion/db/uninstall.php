<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Runs when the plugin is uninstalled.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

/**
 * Delete the role that cli/setup.php created. Moodle itself removes tables, service, token and settings;
 * the service user stays, because messages and grades may refer to it.
 *
 * @return bool
 */
function xmldb_local_stewardpath_uninstall(): bool {
    $roleid = \local_stewardpath\setup\service_role::id();
    if ($roleid) {
        delete_role($roleid);
    }
    return true;
}
