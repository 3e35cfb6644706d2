// Images as ImageJ itself writes them; run by make_imagej.py, which knows what is in them.
//
//     java -Djava.awt.headless=true -cp /usr/share/java/ij.jar MakeImages.java FOLDER
import ij.IJ;
import ij.ImagePlus;
import ij.ImageStack;
import ij.io.FileSaver;
import ij.measure.Calibration;
import ij.process.*;

public class MakeImages {
    static final int width = 23, height = 17;

    static int value(int x, int y, int z, int c, int t) {
        return (7 * y + 13 * x + 31 * z + 57 * c + 101 * t) % 251;
    }

    static void save(String path, ImagePlus image, double depth, String unit) {
        Calibration calibration = image.getCalibration();
        calibration.pixelWidth = 0.25;
        calibration.pixelHeight = 0.5;
        calibration.pixelDepth = depth;
        calibration.setUnit(unit);
        FileSaver saver = new FileSaver(image);
        if (image.getStackSize() > 1)
            saver.saveAsTiffStack(path);
        else
            saver.saveAsTiff(path);
    }

    public static void main(String[] arguments) {
        String folder = arguments[0] + "/";
        ByteProcessor bytes = new ByteProcessor(width, height), mask = new ByteProcessor(width, height);
        ColorProcessor colours = new ColorProcessor(width, height);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) {
                bytes.set(x, y, value(x, y, 0, 0, 0));
                mask.set(x, y, value(x, y, 0, 0, 0) % 2 * 255);
                colours.set(x, y, value(x, y, 0, 0, 0) << 16 | value(x, y, 0, 1, 0) << 8 | value(x, y, 0, 2, 0));
            }
        mask.invertLut();
        save(folder + "by_imagej_u8.tif", new ImagePlus("u8", bytes), 1, "um");
        save(folder + "by_imagej_mask.tif", new ImagePlus("mask", mask), 1, "mm");
        save(folder + "by_imagej_rgb.tif", new ImagePlus("rgb", colours), 1, "cm");

        ImageStack shorts = new ImageStack(width, height), floats = new ImageStack(width, height);
        for (int t = 0; t < 2; t++)
            for (int z = 0; z < 3; z++)
                for (int c = 0; c < 2; c++) {
                    ShortProcessor plane = new ShortProcessor(width, height);
                    for (int y = 0; y < height; y++)
                        for (int x = 0; x < width; x++) plane.set(x, y, 261 * value(x, y, z, c, t));
                    shorts.addSlice(plane);
                }
        for (int z = 0; z < 3; z++) {
            FloatProcessor plane = new FloatProcessor(width, height);
            for (int y = 0; y < height; y++)
                for (int x = 0; x < width; x++) plane.setf(x, y, value(x, y, z, 0, 0) / 8f - 3);
            floats.addSlice(plane);
        }
        ImagePlus hyperstack = new ImagePlus("hyperstack", shorts);
        hyperstack.setDimensions(2, 3, 2);
        hyperstack.setOpenAsHyperStack(true);
        save(folder + "by_imagej_u16_hyperstack.tif", hyperstack, 1.5, "micron");
        save(folder + "by_imagej_f32_stack.tif", new ImagePlus("stack", floats), 0.75, "\u00B5m");
        System.out.println("ImageJ " + IJ.getVersion());
    }
}
