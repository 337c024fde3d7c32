/**
 * Devices: which there are ({@code DevicesCommand}), which one is chosen and why ({@code
 * SelectCommand}), and whether they compute the right numbers ({@code VerifyCommand}).
 */
package org.sepconv.cli.device;
