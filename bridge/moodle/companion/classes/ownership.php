<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Which objects Stewardpath manages.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

/**
 * Every object of Stewardpath has an idnumber "stewardpath:<curriculum>:<key>". Nothing else is ever changed.
 */
class ownership {
    /** @var string the prefix of every managed idnumber. */
    public const MARK = 'stewardpath:';

    /** @var int the maximum length of an idnumber in Moodle. */
    private const MAX_LENGTH = 100;

    /**
     * Whether an idnumber is managed.
     *
     * @param string|null $idnumber
     * @return bool
     */
    public static function is_managed(?string $idnumber): bool {
        return str_starts_with((string) $idnumber, self::MARK);
    }

    /**
     * Refuse an idnumber that is not managed or too long for Moodle.
     *
     * @param string $idnumber
     * @throws problem notmanaged, idnumbertoolong
     */
    public static function require_managed(string $idnumber): void {
        if (!self::is_managed($idnumber)) {
            throw new problem('notmanaged', $idnumber);
        }
        if (\core_text::strlen($idnumber) > self::MAX_LENGTH) {
            throw new problem('idnumbertoolong', ['idnumber' => $idnumber, 'max' => self::MAX_LENGTH]);
        }
    }

    /**
     * SQL condition: the idnumber column begins with the prefix.
     *
     * @param string $column
     * @param string $prefix e.g. "stewardpath:" or "stewardpath:my-curriculum:"
     * @param string $name name of the SQL parameter
     * @return array [string condition, array parameters]
     */
    public static function sql_begins(string $column, string $prefix = self::MARK, string $name = 'mark'): array {
        global $DB;
        return [$DB->sql_like($column, ":$name"), [$name => $DB->sql_like_escape($prefix) . '%']];
    }
}
