<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Web service function: show or hide an object.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath\external;

use core_external\external_function_parameters;
use core_external\external_single_structure;
use local_stewardpath\activities;
use local_stewardpath\outcome;
use local_stewardpath\problem;
use local_stewardpath\sections;
use local_stewardpath\write_lock;
use local_stewardpath\visibility;

/**
 * Shows or hides a course, a section or an activity. Nothing is ever deleted.
 */
class set_visibility extends service_function {
    /** @var array kind => what Moodle asks of a person who shows and hides one. */
    private const STOCK = [
        'course' => ['moodle/course:visibility', 'moodle/course:viewhiddencourses'],
        'section' => ['moodle/course:sectionvisibility'],
        'activity' => ['moodle/course:activityvisibility'],
    ];

    /**
     * Parameters.
     *
     * @return external_function_parameters
     */
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'courseid' => self::id('Course'),
            'kind' => self::text('course, section or activity'),
            'idnumber' => self::text('Its idnumber'),
            'visible' => self::flag('Whether members see it'),
        ]);
    }

    /**
     * Run the function.
     *
     * @param int $courseid
     * @param string $kind
     * @param string $idnumber
     * @param bool $visible
     * @return array {id, action}
     */
    public static function execute(int $courseid, string $kind, string $idnumber, bool $visible): array {
        $params = self::validate_parameters(self::execute_parameters(), compact('courseid', 'kind', 'idnumber', 'visible'));
        $course = self::enter_course($params['courseid'], 'sync', self::require_kind($params['kind'], self::STOCK));
        return write_lock::in_course(
            $course->id,
            fn() => self::set($course, $params['kind'], $params['idnumber'], $params['visible'])
        );
    }

    /**
     * Find the object and set its visibility.
     *
     * @param \stdClass $course
     * @param string $kind
     * @param string $idnumber
     * @param bool $visible
     * @return array {id, action}
     */
    private static function set(\stdClass $course, string $kind, string $idnumber, bool $visible): array {
        if ($kind === 'course') {
            if ($course->idnumber !== $idnumber) {
                throw new problem('othercourse', ['idnumber' => $idnumber, 'courseid' => $course->id]);
            }
            return outcome::existing($course->id, visibility::set_course($course, $visible));
        }
        if ($kind === 'section') {
            $id = sections::require($course->id, $idnumber)->id;
            return outcome::existing($id, visibility::set_section($course, $id, $visible));
        }
        $id = activities::require($course->id, $idnumber)->id;
        return outcome::existing($id, visibility::set_activity($id, $visible));
    }

    /**
     * Return value.
     *
     * @return external_single_structure
     */
    public static function execute_returns(): external_single_structure {
        return self::saved();
    }
}
