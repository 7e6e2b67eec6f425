<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Web service function: create or change a section.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath\external;

use core_external\external_function_parameters;
use core_external\external_single_structure;
use local_stewardpath\ownership;
use local_stewardpath\sections;
use local_stewardpath\text_images;
use local_stewardpath\write_lock;

/**
 * Creates a section at the end of a course, or changes the one with this idnumber.
 */
class save_section extends service_function {
    /**
     * Parameters.
     *
     * @return external_function_parameters
     */
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'courseid' => self::id('Course'),
            'idnumber' => self::text('Idnumber of the section'),
            'name' => self::text('Name'),
            'summary' => self::text('Summary, HTML'),
            'visible' => self::visible(),
            'files' => self::files(),
        ]);
    }

    /**
     * Run the function.
     *
     * @param int $courseid
     * @param string $idnumber
     * @param string $name
     * @param string $summary
     * @param bool $visible
     * @param array $files list of {name, content}: the images of its text
     * @return array {id, action}
     */
    public static function execute(
        int $courseid,
        string $idnumber,
        string $name,
        string $summary,
        bool $visible = true,
        array $files = [],
    ): array {
        $params = self::validate_parameters(
            self::execute_parameters(),
            compact('courseid', 'idnumber', 'name', 'summary', 'visible', 'files')
        );
        $course = self::enter_course($params['courseid'], 'sync', ['moodle/course:update', 'moodle/course:sectionvisibility']);
        ownership::require_managed($params['idnumber']);
        return write_lock::in_course($course->id, fn() => sections::save(
            $course,
            $params['idnumber'],
            $params['name'],
            $params['summary'],
            $params['visible'],
            new text_images($params['files'])
        ));
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
