<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Base of the functions that save an activity.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath\external;

use core_external\external_function_parameters;
use core_external\external_single_structure;
use local_stewardpath\activity_writer;
use local_stewardpath\ownership;
use local_stewardpath\sections;
use local_stewardpath\text_images;
use local_stewardpath\write_lock;

/**
 * Checks the parameters that all activities share, and calls a writer.
 */
abstract class save_activity extends service_function {
    /**
     * Parameters: those of every activity, plus those of this kind.
     *
     * @param array $own parameter => description
     * @return external_function_parameters
     */
    protected static function parameters_with(array $own): external_function_parameters {
        return new external_function_parameters([
            'courseid' => self::id('Course'),
            'sectionidnumber' => self::text('Idnumber of its section'),
            'idnumber' => self::text('Idnumber of the activity'),
            'name' => self::text('Name'),
            'intro' => self::text('Introduction, HTML'),
        ] + $own + ['visible' => self::visible(), 'files' => self::files()]);
    }

    /**
     * Save the activity.
     *
     * @param array $params validated parameters, with the images of its text
     * @param string $modname e.g. "page"
     * @param callable $writer takes the course record and returns the writer
     * @return array {id, action}
     */
    protected static function save(array $params, string $modname, callable $writer): array {
        $stock = ['moodle/course:manageactivities', 'moodle/course:activityvisibility', "mod/$modname:addinstance"];
        $course = self::enter_course($params['courseid'], 'sync', $stock);
        ownership::require_managed($params['idnumber']);
        return write_lock::in_course($course->id, function () use ($params, $course, $writer) {
            $section = sections::require($course->id, $params['sectionidnumber']);
            $activity = $writer($course)->with_images(new text_images($params['files']));
            return $activity->save($section, $params['idnumber'], $params['visible']);
        });
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
