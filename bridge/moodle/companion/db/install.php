<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Runs once, when the plugin is installed.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

/**
 * Give the change feed a unique ID, so that a reader notices when the site was set up again.
 *
 * @return bool
 */
function xmldb_local_stewardpath_install(): bool {
    set_config('feed', \core\uuid::generate(), 'local_stewardpath');
    return true;
}
