<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Web service function: change an idnumber.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath\external;

use core_external\external_function_parameters;
use core_external\external_single_structure;
use local_stewardpath\badges;
use local_stewardpath\renamer;
use local_stewardpath\write_lock;

/**
 * Changes an idnumber and nothing else.
 */
class rename extends service_function {
    /** @var array kind => what Moodle asks of a person who changes one's settings. */
    private const STOCK = [
        'section' => ['moodle/course:update'],
        'activity' => ['moodle/course:manageactivities'],
        'question' => ['moodle/question:editall'],
        'questioncategory' => ['moodle/question:managecategory'],
    ];

    /**
     * Parameters.
     *
     * @return external_function_parameters
     */
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'courseid' => self::id('Course; 0 for a badge'),
            'kind' => self::text('section, activity, question, questioncategory or badge'),
            'from' => self::text('The current idnumber'),
            'to' => self::text('The new idnumber'),
        ]);
    }

    /**
     * Run the function.
     *
     * @param int $courseid
     * @param string $kind
     * @param string $from
     * @param string $to
     * @return array {id, action}
     */
    public static function execute(int $courseid, string $kind, string $from, string $to): array {
        $params = self::validate_parameters(self::execute_parameters(), compact('courseid', 'kind', 'from', 'to'));
        if ($params['kind'] === 'badge') {
            self::enter_site('issuebadges', ['moodle/badges:configuredetails']);
            return write_lock::on_site(fn() => badges::rename($params['from'], $params['to']));
        }
        $course = self::enter_course($params['courseid'], 'sync', self::require_kind($params['kind'], self::STOCK));
        return write_lock::in_course(
            $course->id,
            fn() => (new renamer($course))->rename($params['kind'], $params['from'], $params['to'])
        );
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
