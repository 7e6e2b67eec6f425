<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * An error of this plugin, with a stable code.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

/**
 * An error that the caller can fix. Its code never changes. Its message says what is wrong and where.
 */
class problem extends \moodle_exception {
    /**
     * Make the error.
     *
     * @param string $code one of the error strings of this plugin, e.g. unknowncourse
     * @param string|int|array|\stdClass $a what the message names
     */
    public function __construct(string $code, $a = null) {
        parent::__construct($code, 'local_stewardpath', '', is_array($a) ? (object) $a : $a);
    }
}
