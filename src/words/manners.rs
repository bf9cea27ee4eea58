//! The words of how gently hosts were treated.

use super::Word;

phrases! {
    SHEET_MANNERS: "访问礼节", "Manners";
    COL_HOST: "主机", "Host";
    COL_ROBOTS: "robots.txt", "robots.txt";
    COL_GAP: "最短间隔（毫秒）", "Shortest gap (ms)";
    COL_DELAY: "执行的最短间隔（毫秒）", "Delay in force (ms)";
    COL_BYTES: "字节", "Bytes";
    COL_SINCE: "自", "Since";
    COL_UNTIL: "至", "Until";
}
