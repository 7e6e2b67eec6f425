<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Web service function: create or change a link.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath\external;

use core_external\external_function_parameters;
use local_stewardpath\link_writer;

/**
 * Creates a link, or changes the one with this idnumber.
 */
class save_link extends save_activity {
    /**
     * Parameters.
     *
     * @return external_function_parameters
     */
    public static function execute_parameters(): external_function_parameters {
        return self::parameters_with(['url' => self::text('The address, http or https')]);
    }

    /**
     * Run the function.
     *
     * @param int $courseid
     * @param string $sectionidnumber
     * @param string $idnumber
     * @param string $name
     * @param string $intro
     * @param string $url
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
        string $url,
        bool $visible = true,
        array $files = [],
    ): array {
        $params = self::validate_parameters(
            self::execute_parameters(),
            compact('courseid', 'sectionidnumber', 'idnumber', 'name', 'intro', 'url', 'visible', 'files')
        );
        $writer = fn($course) => new link_writer($course, $params['name'], $params['intro'], $params['url']);
        return self::save($params, 'url', $writer);
    }
}
