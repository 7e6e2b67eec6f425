<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Compares stored with desired values.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

/**
 * Compares database records with desired values.
 */
class difference {
    /**
     * Whether any field of the record differs from its desired value.
     *
     * @param \stdClass $stored a database record: numbers arrive as strings
     * @param array $wanted field => value; numbers are compared as numbers
     * @return bool
     */
    public static function any(\stdClass $stored, array $wanted): bool {
        foreach ($wanted as $field => $value) {
            if (!self::same($stored->$field ?? null, $value)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether two values are the same in the database.
     *
     * @param mixed $stored
     * @param mixed $wanted
     * @return bool
     */
    private static function same($stored, $wanted): bool {
        if (is_int($wanted) || is_float($wanted)) {
            return is_numeric($stored) && abs($stored - $wanted) < 0.00001;
        }
        return (string) $stored === (string) $wanted;
    }
}
