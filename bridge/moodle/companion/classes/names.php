<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Checks the length of names.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

/**
 * Courses, sections, activities and badges have names of at most 255 characters, translations included.
 */
class names {
    /** @var int the maximum length of a name in Moodle. */
    private const MAX_LENGTH = 255;

    /**
     * Refuse a name that is empty or too long for Moodle.
     *
     * @param string $name
     * @throws problem noname, nametoolong
     */
    public static function require_fit(string $name): void {
        if (trim($name) === '') {
            throw new problem('noname');
        }
        if (\core_text::strlen($name) > self::MAX_LENGTH) {
            throw new problem('nametoolong', ['name' => $name, 'max' => self::MAX_LENGTH]);
        }
    }

    /**
     * Shorten a name that only editors see.
     *
     * @param string $name
     * @return string
     */
    public static function cut(string $name): string {
        return \core_text::substr($name, 0, self::MAX_LENGTH);
    }
}
