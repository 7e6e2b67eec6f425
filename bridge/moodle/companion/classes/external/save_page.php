<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Web service function: create or change a page.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath\external;

use core_external\external_function_parameters;
use local_stewardpath\page_writer;

/**
 * Creates a page, or changes the one with this idnumber.
 */
class save_page extends save_activity {
    /**
     * Parameters.
     *
     * @return external_function_parameters
     */
    public static function execute_parameters(): external_function_parameters {
        return self::parameters_with(['content' => self::text('The page, HTML')]);
    }

    /**
     * Run the function.
     *
     * @param int $courseid
     * @param string $sectionidnumber
     * @param string $idnumber
     * @param string $name
     * @param string $intro
     * @param string $content
     * @param bool $visible
     * @param array $files list of {name, content}: the images of its text
     * @return array {id, action}
     */
    public static function execute(
        int $courseid,
        string $sectionidnumber,
        string $idnumber,
        string $name,
        string $intro,
        string $content,
        bool $visible = true,
        array $files = [],
    ): array {
        $params = self::validate_parameters(
            self::execute_parameters(),
            compact('courseid', 'sectionidnumber', 'idnumber', 'name', 'intro', 'content', 'visible', 'files')
        );
        $writer = fn($course) => new page_writer($course, $params['name'], $params['intro'], $params['content']);
        return self::save($params, 'page', $writer);
    }
}
