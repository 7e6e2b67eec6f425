<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * The image of a badge.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

use core_badges\badge;

/**
 * Stores a badge's image. Moodle can't issue a badge without one, so a badge without an image gets a plain disc.
 */
class badge_image {
    /** @var int width and height of the plain image in pixels. */
    private const SIZE = 256;

    /**
     * Store an image.
     *
     * @param badge $badge
     * @param string $png content of a PNG file; '': the plain image
     */
    public static function store(badge $badge, string $png): void {
        $file = make_request_directory() . '/badge.png';
        file_put_contents($file, $png !== '' ? $png : self::plain());
        badges_process_badge_image($badge, $file);
    }

    /**
     * Draw the plain image.
     *
     * @return string a PNG file's content
     */
    private static function plain(): string {
        $image = imagecreatetruecolor(self::SIZE, self::SIZE);
        imagesavealpha($image, true);
        imagefill($image, 0, 0, imagecolorallocatealpha($image, 0, 0, 0, 127));
        $middle = intdiv(self::SIZE, 2);
        imagefilledellipse($image, $middle, $middle, self::SIZE - 8, self::SIZE - 8, imagecolorallocate($image, 31, 79, 143));
        imagefilledellipse($image, $middle, $middle, self::SIZE - 56, self::SIZE - 56, imagecolorallocate($image, 255, 255, 255));
        ob_start();
        imagepng($image);
        return (string) ob_get_clean();
    }
}
