<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Web service function: create or change a badge.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath\external;

use core_external\external_function_parameters;
use core_external\external_single_structure;
use core_external\external_value;
use local_stewardpath\badges;
use local_stewardpath\ownership;
use local_stewardpath\problem;
use local_stewardpath\write_lock;

/**
 * Creates a site badge and makes it available, or changes the one with this idnumber.
 */
class save_badge extends service_function {
    /** @var string[] what Moodle asks of a person who makes a badge. */
    private const STOCK = ['moodle/badges:createbadge', 'moodle/badges:configuredetails', 'moodle/badges:configurecriteria'];

    /** @var int the largest image in bytes, as in Moodle's own form. */
    private const LARGEST = 262144;

    /**
     * Parameters.
     *
     * @return external_function_parameters
     */
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'idnumber' => self::text('Idnumber of the badge'),
            'name' => self::text('Name'),
            'description' => self::text('Description'),
            'image' => self::text('PNG, base64; empty: keep the current image'),
            'imagehash' => new external_value(PARAM_ALPHANUMEXT, 'Hash of the image'),
        ]);
    }

    /**
     * Run the function.
     *
     * @param string $idnumber
     * @param string $name
     * @param string $description
     * @param string $image
     * @param string $imagehash
     * @return array {id, action}
     */
    public static function execute(string $idnumber, string $name, string $description, string $image, string $imagehash): array {
        $params = self::validate_parameters(
            self::execute_parameters(),
            compact('idnumber', 'name', 'description', 'image', 'imagehash')
        );
        self::enter_site('issuebadges', self::STOCK);
        ownership::require_managed($params['idnumber']);
        $image = self::decode($params['image'], $params['idnumber']);
        return write_lock::on_site(fn() => badges::save(
            $params['idnumber'],
            $params['name'],
            $params['description'],
            $image,
            $params['imagehash']
        ));
    }

    /**
     * Decode the image.
     *
     * @param string $image base64 or ''
     * @param string $idnumber the badge's idnumber
     * @return string content of a PNG file, or ''
     * @throws problem badimage
     */
    private static function decode(string $image, string $idnumber): string {
        if ($image === '') {
            return '';
        }
        $content = base64_decode($image, true);
        $info = $content ? @getimagesizefromstring($content) : false;
        if (!$info || $info[2] !== IMAGETYPE_PNG || strlen($content) > self::LARGEST) {
            throw new problem('badimage', ['idnumber' => $idnumber, 'max' => display_size(self::LARGEST)]);
        }
        return $content;
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
