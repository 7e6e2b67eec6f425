<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Runs once, when the plugin is updated.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

/**
 * Update the stored data to this version.
 *
 * @param int $oldversion
 * @return bool
 */
function xmldb_local_stewardpath_upgrade(int $oldversion): bool {
    if ($oldversion < 2026112203) {
        // Earlier versions reported an account as new before its email was confirmed.
        \local_stewardpath\registrations::note_unconfirmed();
        upgrade_plugin_savepoint(true, 2026112203, 'local', 'stewardpath');
    }
    if ($oldversion < 2026112803) {
        // Moodle would email everyone who is enrolled, in addition to Stewardpath's email.
        \local_stewardpath\course_welcome::turn_off();
        upgrade_plugin_savepoint(true, 2026112803, 'local', 'stewardpath');
    }
    return true;
}
