<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Results of the functions that save something.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

/**
 * The values of "action" in every answer.
 */
class outcome {
    /** @var string it was new. */
    public const CREATED = 'created';
    /** @var string something was changed. */
    public const UPDATED = 'updated';
    /** @var string nothing was written. */
    public const UNCHANGED = 'unchanged';
    /** @var string it could not be saved; the answer contains the reason. */
    public const FAILED = 'failed';

    /**
     * The result for an existing object.
     *
     * @param int $id
     * @param bool $changed whether anything was written
     * @return array {id, action}
     */
    public static function existing(int $id, bool $changed): array {
        return ['id' => $id, 'action' => $changed ? self::UPDATED : self::UNCHANGED];
    }

    /**
     * The result for a new object.
     *
     * @param int $id
     * @return array {id, action}
     */
    public static function created(int $id): array {
        return ['id' => $id, 'action' => self::CREATED];
    }
}
