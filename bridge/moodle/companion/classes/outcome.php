<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * What saving something came to.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

/**
 * The words every saving function answers with.
 */
class outcome {
    /** @var string it was not there. */
    public const CREATED = 'created';
    /** @var string something about it differed. */
    public const UPDATED = 'updated';
    /** @var string nothing was written. */
    public const UNCHANGED = 'unchanged';
    /** @var string it could not be saved; the reason is given beside it. */
    public const FAILED = 'failed';

    /**
     * The answer for an object that existed before.
     *
     * @param int $id
     * @param bool $changed whether anything was written
     * @return array {id, action}
     */
    public static function existing(int $id, bool $changed): array {
        return ['id' => $id, 'action' => $changed ? self::UPDATED : self::UNCHANGED];
    }

    /**
     * The answer for a new object.
     *
     * @param int $id
     * @return array {id, action}
     */
    public static function created(int $id): array {
        return ['id' => $id, 'action' => self::CREATED];
    }
}
