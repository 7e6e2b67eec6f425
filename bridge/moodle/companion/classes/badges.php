<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Creates and updates managed site badges.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

use core_badges\badge;
use local_stewardpath\setup\service_role;

/**
 * Moodle has no idnumber for badges, so the table local_stewardpath_badge stores it.
 */
class badges {
    /** @var string the plugin's table of badges. */
    private const MAP = 'local_stewardpath_badge';

    /**
     * Load Moodle's badge library.
     */
    private static function load(): void {
        global $CFG;
        require_once($CFG->libdir . '/badgeslib.php');
    }

    /**
     * Find the plugin's row of the badge with an idnumber.
     *
     * @param string $idnumber
     * @return \stdClass|null {id, badgeid, idnumber, imagehash}
     */
    public static function find(string $idnumber): ?\stdClass {
        global $DB;
        self::load();
        $sql = "SELECT m.*
                  FROM {local_stewardpath_badge} m
                  JOIN {badge} b ON b.id = m.badgeid AND b.status <> :archived
                 WHERE m.idnumber = :idnumber";
        return $DB->get_record_sql($sql, ['idnumber' => $idnumber, 'archived' => BADGE_STATUS_ARCHIVED]) ?: null;
    }

    /**
     * Create or update the badge, and make it available.
     *
     * @param string $idnumber
     * @param string $name
     * @param string $description
     * @param string $image content of a PNG file; '' keeps the current image
     * @param string $imagehash hash of the image; if it is unchanged, the image is not written again
     * @return array {id, action}
     * @throws problem noname, nametoolong
     */
    public static function save(string $idnumber, string $name, string $description, string $image, string $imagehash): array {
        names::require_fit($name);
        $map = self::find($idnumber);
        $isnew = !$map;
        $map ??= self::create($idnumber, $name, $description);
        $badge = new badge($map->badgeid);
        $changed = self::write_texts($badge, $name, $description);
        $changed = self::write_image($badge, $map, $image, $imagehash) || $changed;
        $changed = self::activate($badge) || $changed;
        return $isnew ? outcome::created($map->badgeid) : outcome::existing($map->badgeid, $changed);
    }

    /**
     * Change the idnumber of a badge. Members who have it keep it.
     *
     * @param string $from
     * @param string $to
     * @return array {id, action}
     * @throws problem notmanaged, idnumbertoolong, unknownbadge, idnumbertaken
     */
    public static function rename(string $from, string $to): array {
        global $DB;
        ownership::require_managed($from);
        ownership::require_managed($to);
        $old = self::find($from);
        $new = self::find($to);
        if ($new && (!$old || $from === $to)) {
            return outcome::existing($new->badgeid, false);
        }
        if (!$old) {
            throw new problem('unknownbadge', $from);
        }
        if ($new) {
            throw new problem('idnumbertaken', ['idnumber' => $to, 'courseid' => 0]);
        }
        $DB->set_field(self::MAP, 'idnumber', $to, ['id' => $old->id]);
        return outcome::existing($old->badgeid, true);
    }

    /**
     * Delete the row of a deleted badge.
     *
     * @param int $badgeid
     */
    public static function forget(int $badgeid): void {
        global $DB;
        $DB->delete_records(self::MAP, ['badgeid' => $badgeid]);
    }

    /**
     * Create the badge.
     *
     * @param string $idnumber
     * @param string $name
     * @param string $description
     * @return \stdClass {id, badgeid, idnumber, imagehash}
     */
    private static function create(string $idnumber, string $name, string $description): \stdClass {
        global $CFG, $DB, $SITE;
        $badge = badge::create_badge((object) [
            'name' => $name,
            'description' => $description,
            'version' => '',
            'language' => $CFG->lang,
            'imageauthorname' => '',
            'imageauthoremail' => '',
            'imageauthorurl' => '',
            'imagecaption' => '',
            'issuername' => get_config('', 'badges_defaultissuername') ?: format_string($SITE->fullname),
            'issuerurl' => $CFG->wwwroot,
            'issuercontact' => get_config('', 'badges_defaultissuercontact') ?: '',
        ]);
        badge_image::store($badge, '');
        $DB->delete_records(self::MAP, ['idnumber' => $idnumber]);
        $map = (object) ['badgeid' => $badge->id, 'idnumber' => $idnumber, 'imagehash' => ''];
        $map->id = $DB->insert_record(self::MAP, $map);
        return $map;
    }

    /**
     * Update the name and description if they differ.
     *
     * @param badge $badge
     * @param string $name
     * @param string $description
     * @return bool whether anything was written
     */
    private static function write_texts(badge $badge, string $name, string $description): bool {
        if ($badge->name === $name && (string) $badge->description === $description) {
            return false;
        }
        $badge->name = $name;
        $badge->description = $description;
        return $badge->save();
    }

    /**
     * Update the image if it differs.
     *
     * @param badge $badge
     * @param \stdClass $map
     * @param string $image
     * @param string $imagehash
     * @return bool whether anything was written
     */
    private static function write_image(badge $badge, \stdClass $map, string $image, string $imagehash): bool {
        global $DB;
        if ($image === '' || ($imagehash !== '' && $map->imagehash === $imagehash)) {
            return false;
        }
        badge_image::store($badge, $image);
        $DB->set_field(self::MAP, 'imagehash', $imagehash, ['id' => $map->id]);
        return true;
    }

    /**
     * Make the badge available. Its criterion is a manual award by the service role.
     *
     * @param badge $badge
     * @return bool whether anything was written
     */
    private static function activate(badge $badge): bool {
        if ($badge->is_active()) {
            return false;
        }
        $roleid = service_role::id();
        if ($roleid && !$badge->has_criteria()) {
            self::add_criterion($badge, BADGE_CRITERIA_TYPE_OVERALL, []);
            self::add_criterion($badge, BADGE_CRITERIA_TYPE_MANUAL, ["role_$roleid" => $roleid]);
        }
        $badge->set_status($badge->has_awards() ? BADGE_STATUS_ACTIVE_LOCKED : BADGE_STATUS_ACTIVE);
        return true;
    }

    /**
     * Add one criterion to a badge.
     *
     * @param badge $badge
     * @param int $type
     * @param array $params
     */
    private static function add_criterion(badge $badge, int $type, array $params): void {
        $criterion = \award_criteria::build(['criteriatype' => $type, 'badgeid' => $badge->id]);
        $criterion->save(['agg' => BADGE_CRITERIA_AGGREGATION_ANY] + $params);
    }
}
