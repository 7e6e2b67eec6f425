<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Compares what is stored with what is wanted.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

/**
 * Says which fields of a record do not read as they should.
 */
class difference {
    /**
     * Whether any wanted field reads otherwise in the record.
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
     * Whether two values mean the same to the database.
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
