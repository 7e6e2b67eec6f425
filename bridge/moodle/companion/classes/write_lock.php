<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * A lock for writes.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

/**
 * Lets only one call at a time change a course (or the site), so that two calls never create the same object twice.
 */
class write_lock {
    /** @var int seconds to wait for the lock. */
    private const TIMEOUT_SECONDS = 60;

    /**
     * Run a function while no other call changes the same course.
     *
     * @param int $courseid
     * @param callable $work
     * @return mixed the function's result
     */
    public static function in_course(int $courseid, callable $work) {
        return self::run_locked("course$courseid", $work);
    }

    /**
     * Run a function while no other call changes badges or plans.
     *
     * @param callable $work
     * @return mixed the function's result
     */
    public static function on_site(callable $work) {
        return self::run_locked('site', $work);
    }

    /**
     * Wait for the lock, run the function, release the lock.
     *
     * @param string $resource
     * @param callable $work
     * @return mixed
     * @throws problem busy
     */
    private static function run_locked(string $resource, callable $work) {
        $factory = \core\lock\lock_config::get_lock_factory('local_stewardpath');
        $lock = $factory->get_lock($resource, self::TIMEOUT_SECONDS);
        if (!$lock) {
            throw new problem('busy', $resource);
        }
        try {
            return $work();
        } finally {
            $lock->release();
        }
    }
}
