<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * One writer at a time.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

/**
 * Lets one call at a time change a course (or the site), so that two racing calls never make the same thing twice.
 */
class turn {
    /** @var int seconds to wait for another call to end. */
    private const PATIENCE = 60;

    /**
     * Do something while no other call changes the same course.
     *
     * @param int $courseid
     * @param callable $work
     * @return mixed what the work returns
     */
    public static function in_course(int $courseid, callable $work) {
        return self::take("course$courseid", $work);
    }

    /**
     * Do something while no other call changes badges or plans.
     *
     * @param callable $work
     * @return mixed what the work returns
     */
    public static function on_site(callable $work) {
        return self::take('site', $work);
    }

    /**
     * Wait for the lock, work, give the lock back.
     *
     * @param string $resource
     * @param callable $work
     * @return mixed
     * @throws problem busy
     */
    private static function take(string $resource, callable $work) {
        $factory = \core\lock\lock_config::get_lock_factory('local_stewardpath');
        $lock = $factory->get_lock($resource, self::PATIENCE);
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
